import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { setImmediate as breathe } from "node:timers/promises";
import { readEvents } from "../../scripts/bench/event-reader.ts";

/** Answers with frames of these numbers, cut into small pieces, and never ends by itself. */
async function reading(ids: readonly number[], after: number, upTo: number, isOver = false) {
  const server = createServer((_request, response) => {
    void (async () => {
      const text = ids.map((id) => `id: ${id}\ndata: {"sequence":${id}}\n\n`).join("");
      for (let at = 0; at < text.length; at += 7) {
        response.write(text.slice(at, at + 7));
        await breathe();
      }
      if (isOver) response.end();
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    return await readEvents(`http://127.0.0.1:${address.port}/events`, after, upTo);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a reader of events tells whether each number came, once and in order", async () => {
  const whole = await reading([1, 2, 3, 4, 5], 0, 5);
  assert.deepEqual([whole.events, whole.isWhole], [5, true]);
  const rest = await reading([4, 5], 3, 5);
  assert.deepEqual([rest.events, rest.isWhole], [2, true]);
  assert.equal((await reading([1, 2, 4, 5], 0, 5)).isWhole, false, "one is missing");
  assert.equal((await reading([1, 2, 2, 3], 0, 3)).isWhole, false, "one came twice");
  assert.equal((await reading([2, 1, 2, 3], 0, 3)).isWhole, false, "two changed places");
  assert.equal((await reading([1, 2], 0, 3, true)).isWhole, false, "the stream ended before");
});
