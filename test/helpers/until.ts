import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MS = 15_000;
const ASK_EVERY_MS = 2;

/**
 * Waits until it holds, turning the crank meanwhile if there is one. Files and the system's
 * events take real time, of which nobody tells the end: so it is asked again and again.
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  told: () => string,
  crank: () => void = () => undefined,
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `waited ${PATIENCE_MS} ms in vain; there is\n${told()}`);
    crank();
    await pause(ASK_EVERY_MS);
  }
}
