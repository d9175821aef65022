import { open } from "node:fs/promises";

/** Texts are written together up to this size: a file of any length takes little memory. */
const BATCH_CHARS = 1024 * 1024;

/** Writes a new file from texts made one at a time. */
export async function writePieces(file: string, pieces: Iterable<string>): Promise<void> {
  const handle = await open(file, "w");
  try {
    let batch: string[] = [];
    let chars = 0;
    for (const piece of pieces) {
      batch.push(piece);
      chars += piece.length;
      if (chars < BATCH_CHARS) continue;
      await handle.appendFile(batch.join(""));
      batch = [];
      chars = 0;
    }
    await handle.appendFile(batch.join(""));
  } finally {
    await handle.close();
  }
}

/** A file of JSON lines. */
export async function writeJsonLines(file: string, values: Iterable<object>): Promise<void> {
  await writePieces(file, jsonLines(values));
}

function* jsonLines(values: Iterable<object>): Generator<string> {
  for (const value of values) yield `${JSON.stringify(value)}\n`;
}

/** A JSON list, an element a line. */
export function* jsonList(values: Iterable<object>): Generator<string> {
  let before = "[\n";
  for (const value of values) {
    yield before + JSON.stringify(value);
    before = ",\n";
  }
  yield before === "[\n" ? "[]" : "\n]";
}
