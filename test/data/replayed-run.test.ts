import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { RunState } from "../../src/protocol/bundle.ts";
import { LIVE_PROTOCOLS } from "../../src/protocol/version.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";
import { DATA, json, lines } from "./recorded.ts";

const ARCHIVE = join(DATA, "acpx", "timeseries-acpx-0.19.1.tgz");
const skip = existsSync(ARCHIVE) ? false : "the recorded runs are not here (set RUNREEL_TEST_DATA)";
const RUN_ID = "replayed";

/** Frame by frame, each changed file copied over the last one in place: harsher than acpx, which renames. */
async function copyFrame(frame: string, target: string): Promise<void> {
  for (const entry of await readdir(frame, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(target, from.slice(frame.length + 1));
    const [fresh, old] = await Promise.all([stat(from), stat(to).catch(() => undefined)]);
    if (old?.size === fresh.size && (await readFile(to)).equals(await readFile(from))) continue;
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to);
  }
}

function lengths(state: RunState): number[] {
  const sessions = Object.values(state.sessions).map((session) => session.events.length);
  return [state.trace.length, state.steps.length, sessions.reduce((sum, length) => sum + length, 0)];
}

for (const protocol of LIVE_PROTOCOLS) {
  test(
    `${protocol}: a live run, replayed as it was recorded, loses nothing and ends as its files`,
    { skip },
    async (t) => {
      const work = await tempDir(t);
      execFileSync("tar", ["xzf", ARCHIVE, "-C", work]);
      const [name = ""] = await readdir(work);
      const frames = (await readdir(join(work, name))).filter((frame) => /^f\d+$/.test(frame)).toSorted();
      assert.ok(frames.length > 100);

      const root = await tempDir(t);
      const viewer = await startViewer(t, [root]);
      const client = await viewer.connect({ protocol });
      client.subscribeRuns();
      const dir = join(root, RUN_ID);
      let id: string | undefined;
      let before: number[] = [0, 0, 0];
      client.onMessage(({ message }) => {
        id ??= client.runs?.state.order[0];
        if (message.type === "runs_patch" && id !== undefined && client.run(id) === undefined)
          client.subscribeRun(id);
        const state = id === undefined ? undefined : client.run(id)?.state;
        if (state === undefined) return;
        const now = lengths(state);
        for (const [index, length] of now.entries()) {
          assert.ok(
            length >= (before[index] ?? 0),
            `what was shown was lost: ${before.join()} became ${now.join()}`,
          );
        }
        before = now;
      });
      for (const frame of frames) await copyFrame(join(work, name, frame), dir);

      const trace = await lines(join(dir, "trace.ndjson"));
      const steps = await json(join(dir, "projections/steps.json"));
      const live = await json(join(dir, "projections/live.json"));
      const state = () => (id === undefined ? undefined : client.run(id)?.state);
      await client.waitFor(
        () => state()?.trace.length === trace.length && isDeepStrictEqual(state()?.live, live),
        10_000,
        "the end",
      );
      if (protocol === "acpx.replay.v1")
        await client.waitFor(() => isDeepStrictEqual(state()?.steps.toJSON(), steps), 10_000, "the steps");
      assert.deepEqual(state()?.trace.toJSON(), trace);
      for (const session of Object.values(state()?.sessions ?? {})) {
        const events = await lines(join(dir, "sessions", session.id, "events.ndjson"));
        await client.waitFor(
          () => state()?.sessions[session.id]?.events.length === events.length,
          10_000,
          "events",
        );
        assert.deepEqual(state()?.sessions[session.id]?.events.toJSON(), events);
      }
      assert.equal(client.counts.gaps, 0);
      assert.equal(client.counts.resyncs, 0);
      assert.deepEqual(state()?.problems, { count: 0, listed: [] });
      assert.deepEqual(viewer.errors, []);
    },
  );
}
