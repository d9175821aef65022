import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../../src/protocol/log.ts";
import { pagesOf, type Part } from "../../viewer/live/part.ts";
import { type Fetched, Parts } from "../../viewer/live/parts.ts";

const LENGTH = 1_000_000;

/** A trace of a million lines of which the last are held, and requests that are answered when the test says so. */
function made() {
  let log = Log.tail<number>(
    LENGTH - 512 - (LENGTH % 128),
    Array.from({ length: 512 + (LENGTH % 128) }, () => 1),
  );
  const requests: { part: Part; answer: (fetched: Fetched) => void }[] = [];
  const parts: Parts = new Parts({
    logs: () => new Map([["trace", log]]),
    isHeld: (_log, page) => log.holds(page * Log.PAGE, (page + 1) * Log.PAGE),
    fetch: (part) => new Promise((resolve) => requests.push({ part, answer: resolve })),
    release: (_log, isKept) => {
      log = log.release(isKept);
    },
    changed: () => {},
  });
  parts.trim();
  return {
    parts,
    requests,
    log: () => log,
    grow(lines: number) {
      for (let line = 0; line < lines; line += 1) log = log.append(2);
      parts.trim();
    },
    /** Answers the oldest request. */
    async answer(fetched: Fetched = "filled", lines = Number.POSITIVE_INFINITY) {
      const request = requests.shift();
      assert.ok(request !== undefined);
      const { from, to } = request.part;
      if (fetched === "filled")
        log = log.fill(
          from,
          Array.from({ length: Math.min(to - from, lines) }, () => 3),
        );
      request.answer(fetched);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
const part = (from: number, to: number): Part => ({ log: "trace", from, to });

test("what is looked at is fetched by pages, once, and in requests of a bounded length", async () => {
  const { answer, log, parts, requests } = made();
  parts.want("talk", [part(1000, 6000)]);
  parts.want("rows", [part(1100, 1200)]);
  assert.deepEqual(
    requests.map((request) => request.part),
    [part(896, 1920), part(1920, 2944), part(2944, 3968), part(3968, 4992)],
  );
  for (let left = 0; left < 5; left += 1) await answer();
  assert.ok(log().holds(1000, 6000));
  parts.want("rows", [part(1000, 5000)]);
  assert.equal(requests.length, 0);
});

test("who scrubs gets the moment wanted last, not all before it", async () => {
  const { answer, parts, requests } = made();
  for (let at = 0; at < 40; at += 1) parts.want("talk", [part(at * 10_000, at * 10_000 + 900)]);
  assert.equal(requests.length, 4);
  await answer();
  assert.equal(requests.at(-1)?.part.from, 389_888);
  for (let left = 0; left < 4; left += 1) await answer();
  assert.equal(requests.length, 0);
});

test("an answer that is shorter than was asked for is asked on from", async () => {
  const { answer, log, parts, requests } = made();
  parts.want("talk", [part(0, 1024)]);
  await answer("filled", 300);
  assert.ok(log().holds(0, 256));
  assert.deepEqual(requests[0]?.part, part(256, 1024));
  await answer();
  assert.ok(log().holds(0, 1024));
});

test("what did not come is said, and asked for again on request only", async () => {
  const { answer, log, parts, requests } = made();
  const brought = parts.bring("keys", [part(0, 128)]);
  await answer("failed");
  await brought;
  assert.equal(parts.hasFailed, true);
  parts.want("talk", [part(0, 128)]);
  assert.equal(requests.length, 0);
  parts.retry();
  assert.equal(parts.hasFailed, false);
  await answer();
  assert.ok(log().holds(0, 128));
});

test("bringing settles when all is there, at once when it is there already, or when it is over", async () => {
  const { answer, parts } = made();
  await parts.bring("keys", [part(LENGTH - 100, LENGTH)]);
  const brought = parts.bring("keys", [part(0, 128)]);
  await answer();
  await brought;
  const never = parts.bring("keys", [part(5000, 5100)]);
  await answer("over");
  await never;
  parts.want("talk", [part(9000, 9100)]);
});

test("once it is over, bringing settles at once and asks for nothing", { timeout: 2000 }, async () => {
  const { answer, parts, requests } = made();
  parts.want("talk", [part(0, 128)]);
  await answer("over");
  await parts.bring("keys", [part(5000, 5100)]);
  assert.equal(requests.length, 0);
});

test("pages that nobody looks at are let go, the one that somebody does stays", async () => {
  const { answer, log, parts } = made();
  parts.want("talk", [part(0, 128)]);
  await answer();
  for (let at = 1; at <= 200; at += 1) {
    parts.want("rows", [part(at * 1280, at * 1280 + 384)]);
    await answer();
  }
  const held = Array.from(pagesOf(part(0, LENGTH))).filter((page) =>
    log().holds(page * Log.PAGE, (page + 1) * Log.PAGE),
  );
  assert.ok(held.length <= 300 + 64 + 6, `${held.length} pages are held`);
  assert.ok(log().holds(0, 128));
  assert.ok(log().holds(200 * 1280, 200 * 1280 + 384));
  assert.ok(log().holds(LENGTH - 512, LENGTH));
});

test("a log that grows for hours is held no longer than one that was opened now", () => {
  const { grow, log } = made();
  for (let turn = 0; turn < 100; turn += 1) grow(1000);
  const held = Array.from(pagesOf(part(0, log().length))).filter((page) =>
    log().holds(page * Log.PAGE, (page + 1) * Log.PAGE),
  );
  assert.ok(held.length * Log.PAGE < 16_384 + 1024 + (300 + 64 + 16) * Log.PAGE);
  assert.ok(log().holds(log().length - 16_000, log().length));
});
