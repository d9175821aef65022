import assert from "node:assert/strict";
import { test } from "node:test";
import { reviveRun } from "../../src/protocol/bundle.ts";
import { applyPatch, type PatchOp } from "../../src/protocol/patch.ts";
import { acpxSource } from "../../src/sources/acpx/acpx-source.ts";
import { createDraft } from "../../src/store/draft.ts";
import { emptyRun } from "../../src/store/empty-run.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { tempDir } from "../helpers/temp-dir.ts";

function session(id: string, folder: string) {
  const at = (name: string) => `sessions/${folder}/${name}`;
  return {
    id,
    bindingPath: at("binding.json"),
    recordPath: at("record.json"),
    eventsPath: at("events.ndjson"),
  };
}

for (const extent of ["whole", "tail"] as const) {
  test(`${extent}: sessions whose ids lie in one another are sessions of their own, one listed twice is one`, async (t) => {
    const run = await new AcpxRun(await tempDir(t), "run-a").begin();
    const source = acpxSource(new ManualClock(Date.now()));
    const target = {
      state: emptyRun(source),
      apply(ops: readonly PatchOp[]) {
        this.state = applyPatch(this.state, ops, reviveRun);
      },
    };
    const follower = source.follow(run.dir, createDraft(target), extent);
    for (const folder of ["one", "two", "three"]) {
      await run.append(`sessions/${folder}/events.ndjson`, run.chunkLine(folder));
      await run.writeJson(`sessions/${folder}/binding.json`, { folder });
    }
    await run.writeManifest({ sessions: [session("a", "one")] });
    await follower.read("all");
    await run.writeManifest({
      status: "completed",
      sessions: [session("a", "one"), session("a/binding", "two"), session("a", "three")],
    });
    await follower.read("all");
    assert.deepEqual(Object.keys(target.state.sessions), ["a", "a/binding"]);
    for (const [id, folder] of [
      ["a", "one"],
      ["a/binding", "two"],
    ] as const) {
      const read = target.state.sessions[id];
      assert.equal(read?.events.length, 1);
      assert.match(JSON.stringify(read.events.at(0)), new RegExp(`"${folder}"`));
      assert.deepEqual(read.binding, { folder });
    }
    assert.equal(target.state.problems.count, 1);
    assert.match(target.state.problems.listed[0]?.message ?? "", /twice/);
    follower.close();
  });
}
