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
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  const length = bytes.length / BYTES;
  if (!Number.isInteger(length)) return null;
  const numbers = new Float64Array(bytes.buffer, 0, NUMBERS * length);
  const words = new Uint32Array(bytes.buffer, NUMBERS * 8 * length, WORDS * length);
  return Array.from({ length }, (_, index) => {
    const number = (offset: number) => numbers[NUMBERS * index + offset] ?? 0;
    const word = (offset: number) => words[WORDS * index + offset] ?? 0;
    const cost = number(2);
    return {
      key: number(0),
      at: number(1),
      cost: Number.isNaN(cost) ? null : cost,
      tokens: {
        inputTokens: word(0),
        cacheReadTokens: word(1),
        cacheWriteTokens: word(2),
        cacheWrite1hTokens: word(3),
        outputTokens: word(4),
      },
      model: Math.floor(word(5) / 4),
      isCopied: (word(5) & COPIED) !== 0,
      isContested: (word(5) & CONTESTED) !== 0,
    };
  });
}
