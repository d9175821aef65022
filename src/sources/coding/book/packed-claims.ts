import type { Claim } from "./claims.ts";

const NUMBERS = 3;
const WORDS = 6;
const BYTES = NUMBERS * 8 + WORDS * 4;
const COPIED = 1;
const CONTESTED = 2;

type Packed = Omit<Claim, "owner">;

/** Claims as text, 64 characters each; in the order of this machine's bytes, which alone reads them. */
export function packClaims(claims: readonly Packed[]): string {
  const numbers = new Float64Array(NUMBERS * claims.length);
  const words = new Uint32Array(WORDS * claims.length);
  for (const [index, { at, cost, isContested, isCopied, key, model, tokens }] of claims.entries()) {
    numbers.set([key, at, cost ?? Number.NaN], NUMBERS * index);
    const flags = (isCopied ? COPIED : 0) | (isContested ? CONTESTED : 0);
    const { cacheReadTokens, cacheWrite1hTokens, cacheWriteTokens, inputTokens, outputTokens } = tokens;
    words.set(
      [inputTokens, cacheReadTokens, cacheWriteTokens, cacheWrite1hTokens, outputTokens, model * 4 + flags],
      WORDS * index,
    );
  }
  return Buffer.concat([Buffer.from(numbers.buffer), Buffer.from(words.buffer)]).toString("base64");
}

/** Null: it is none of ours. */
export function unpackClaims(text: string): readonly Packed[] | null {
  // A copy of its own, which begins where numbers may.
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  const length = bytes.length / BYTES;
  if (!Number.isInteger(length)) return null;
  const numbers = new Float64Array(bytes.buffer, 0, NUMBERS * length);
  const words = new Uint32Array(bytes.buffer, NUMBERS * 8 * length, WORDS * length);
  const claims: Packed[] = [];
  for (let index = 0; index < length; index += 1) {
    const number = NUMBERS * index;
    const word = WORDS * index;
    const cost = numbers[number + 2] ?? 0;
    const last = words[word + 5] ?? 0;
    claims.push({
      key: numbers[number] ?? 0,
      at: numbers[number + 1] ?? 0,
      cost: Number.isNaN(cost) ? null : cost,
      tokens: {
        inputTokens: words[word] ?? 0,
        cacheReadTokens: words[word + 1] ?? 0,
        cacheWriteTokens: words[word + 2] ?? 0,
        cacheWrite1hTokens: words[word + 3] ?? 0,
        outputTokens: words[word + 4] ?? 0,
      },
      model: Math.floor(last / 4),
      isCopied: (last & COPIED) !== 0,
      isContested: (last & CONTESTED) !== 0,
    });
  }
  return claims;
}
