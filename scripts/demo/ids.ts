import { createHash, randomUUID } from "node:crypto";

/** Where the demo takes what acpx draws at random. The same seed gives the same draws in the same order. */
export interface Ids {
  uuid(): string;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
}

export function createIds(seed: string = randomUUID()): Ids {
  let drawn = 0;
  const draw = () => {
    drawn += 1;
    return sha256(`${seed}/${drawn}`);
  };
  return {
    uuid() {
      const hex = draw();
      const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`];
      return [...parts, hex.slice(20, 32)].join("-");
    },
    between: (min, max) => min + (Number.parseInt(draw().slice(0, 8), 16) % (max - min + 1)),
  };
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** acpx's run id: the start's time without punctuation, the flow's name, eight hex digits. */
export function runIdOf(startedAt: Date, flowName: string, uuid: string): string {
  const stamp = startedAt.toISOString().replaceAll(/[:.]/g, "");
  return `${stamp}-${flowName}-${uuid.slice(0, 8)}`;
}
