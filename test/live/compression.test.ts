import assert from "node:assert/strict";
import { test } from "node:test";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { RawClient } from "../helpers/raw-client.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

for (const compress of [false, true]) {
  test(`the live connection is compressed when that was asked for, and only then: ${compress}`, async (t) => {
    const root = await tempDir(t);
    const run = await new AcpxRun(root, "run-a").begin();
    const viewer = await startViewer(t, [root], { compress });
    const client = new RawClient(t, viewer.liveUrl);
    let received = 0;
    client.socket.once("upgrade", ({ socket }) => {
      const count = (bytes: Buffer) => (received += bytes.length);
      socket.on("data", count);
    });
    await client.opened();
    assert.equal(client.socket.extensions.includes("permessage-deflate"), compress);
    client.say({ type: "hello", protocol: "runreel.live.v1" });
    client.say({ type: "subscribe_run", runId: "run-a" });
    await client.hear("run_snapshot");
    const text = "the same again and again ".repeat(2_000);
    await run.appendChunk(text);
    const patch = await client.hear("patch", ({ ops }) => JSON.stringify(ops).includes(text));
    assert.equal(patch.to, patch.from + 1);
    assert.equal(received < text.length / 4, compress, `${received} bytes came`);
  });
}
