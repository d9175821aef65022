import { type Clock, realClock } from "./clock.ts";
import { CodexSession } from "./codex-run.ts";
import { createIds } from "./ids.ts";

interface CodexDemoOptions {
  /** 1 takes about 40 seconds; 10 a tenth of it. */
  readonly speed?: number;
  readonly seed?: string;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Stops before this turn, from 1: what is there by then goes on being open. */
  readonly until?: number;
  readonly onLine?: (line: string) => void;
}

const RESETS_AFTER_S = 9_000;

/** Writes a session below `dir/sessions`, live: somebody has a shop's checkout fixed. */
export async function writeCodexDemo(dir: string, options: CodexDemoOptions = {}): Promise<CodexSession> {
  const { clock = realClock, onLine, signal, speed = 1, until = Number.POSITIVE_INFINITY } = options;
  const ids = createIds(options.seed);
  const session = new CodexSession({ home: dir, clock, ids });
  const wait = (ms: number) => clock.sleep(ms / speed, signal);
  const isOver = (turn: number) => signal?.aborted === true || turn >= until;
  const limits = (usedPercent: number) => {
    const resetsAt = Math.floor(clock.now().getTime() / 1_000) + RESETS_AFTER_S;
    return {
      primary: { usedPercent, windowMinutes: 300, resetsAt },
      secondary: { usedPercent: usedPercent / 4, windowMinutes: 10_080, resetsAt: resetsAt + 400_000 },
    };
  };
  await session.start();
  onLine?.(session.file);
  await session.rename("Totals of the checkout");
  if (isOver(1)) return session;

  await session.prompt("The total at checkout is off by a cent for some carts. Find out why, and fix it.");
  await wait(2_000);
  await session.think("Sums of money as floating point numbers would explain a cent.");
  await session.say("I look at how the total is made.");
  await session.exec(
    "rg -n 'total' src/cart",
    "src/cart/total.ts:12:  return lines.reduce(add, 0) * 1.19;\n",
  );
  await session.tokens({ input: 14_200, cached: 9_600, output: 310, reasoning: 120 }, limits(18));
  await wait(3_000);
  await session.plan([
    ["Show the fault in a test", "in_progress"],
    ["Count in cents", "pending"],
  ]);
  const testing = await session.call("pnpm test src/cart");
  await wait(5_000);
  await session.result(testing, "✖ a cart of three times 0.10\n  expected 36, got 35\n", 1, 5);
  await session.tokens({ input: 15_900, cached: 14_100, output: 240 }, limits(19));
  await wait(2_000);
  await session.patch(
    [
      "*** Begin Patch",
      "*** Update File: src/cart/total.ts",
      "@@ export function total(lines: Line[]) {",
      "-  return lines.reduce(add, 0) * 1.19;",
      "+  const cents = lines.reduce((sum, line) => sum + line.cents, 0);",
      "+  return Math.round(cents * 1.19);",
      "*** End Patch",
    ].join("\n"),
  );
  await session.exec("pnpm test src/cart", "✔ 14 tests\n", 0, 4);
  await session.tokens({ input: 17_300, cached: 15_800, output: 420 }, limits(21));
  await session.say("The total was a floating point number; it is counted in cents now, and rounded once.");
  await session.endTurn();
  onLine?.("turn 1: the total is fixed");
  await wait(4_000);
  if (isOver(2)) return session;

  session.useModel("gpt-5.4-mini");
  await session.prompt("Now write a line about it for the changelog.");
  await wait(2_000);
  await session.compact();
  await session.exec("head -n 20 CHANGELOG.md", "# Changelog\n\n## Unreleased\n");
  await session.tokens({ input: 6_100, cached: 2_000, output: 150 }, limits(21));
  await wait(2_000);
  await session.say("Done: the line stands under Unreleased.");
  await session.tokens({ input: 6_400, cached: 6_000, output: 60 }, limits(22));
  await session.endTurn();
  onLine?.("turn 2: the changelog has a line");
  return session;
}
