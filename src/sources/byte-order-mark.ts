const MARK = Buffer.from("\uFEFF");

/** The first bytes of a file, without the mark that some editors put before a text: it is none of its first line. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes.length >= MARK.length && bytes.subarray(0, MARK.length).equals(MARK)
    ? bytes.subarray(MARK.length)
    : bytes;
}
