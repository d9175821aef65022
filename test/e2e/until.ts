import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MS = 10_000;
const ASK_EVERY_MS = 25;

/** Asks again and again until there is an answer other than `undefined` or `false`, and gives it. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false>,
): Promise<Answer> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    assert.ok(Date.now() < deadline, `waited ${PATIENCE_MS} ms in vain: ${what}`);
    await pause(ASK_EVERY_MS);
  }
}
