import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import { SessionEvent } from "../../src/protocol/bundle.ts";
import { Found } from "../../src/protocol/found.ts";
import { folded, onOneLine } from "../../src/sources/plain-text.ts";
import { startViewer } from "../helpers/viewer.ts";
import { conversationStep, emptyConversation } from "../../viewer/conversation/fold.ts";
import { DATA, json, lines } from "./recorded.ts";

const FOLDERS = ["runs-0.4.1", "runs-0.19.1"].map((name) => join(DATA, "acpx", name));
const skip = existsSync(DATA) ? false : "the recorded runs are not here (set RUNREEL_TEST_DATA)";

const Text = v.object({ Text: v.string() });

/** What a session's record, which its producer joined, says that people and agents said. */
function textsOf(messages: readonly unknown[]): string[] {
  const found: string[] = [];
  const walk = (value: unknown): void => {
    const text = v.safeParse(Text, value);
    if (text.success) found.push(text.output.Text);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
  };
  messages.forEach(walk);
  return found;
}

/** From the middle of a text, on one line: chunks end somewhere in it. */
function queryOf(text: string): string {
  const line = folded(onOneLine(text)).trim();
  return line.slice(Math.max(0, line.length / 2 - 30), line.length / 2 + 30).trim();
}

for (const folder of FOLDERS) {
  test(
    `what was said in a recorded run is found, where it was complete: ${folder.split("/").at(-1)}`,
    { skip },
    async (t) => {
      const viewer = await startViewer(t, [folder]);
      const client = await viewer.connect();
      let count = 0;
      for (const runId of await readdir(folder)) {
        client.subscribeRun(runId);
        await client.waitFor(() => client.run(runId) !== undefined, 5_000, runId);
        const epoch = client.run(runId)?.epoch ?? "";
        for (const id of Object.keys(client.run(runId)?.state.sessions ?? {})) {
          const dir = join(folder, runId, "sessions", id);
          const events = v.parse(v.array(SessionEvent), await lines(join(dir, "events.ndjson")));
          const record = v.parse(
            v.object({ messages: v.array(v.unknown()) }),
            await json(join(dir, "record.json")),
          );
          for (const q of new Set(textsOf(record.messages).map(queryOf))) {
            if (q.length < 2) continue;
            const query = new URLSearchParams({ name: `sessions/${id}`, epoch, q });
            const response = await fetch(`${viewer.url}/api/runs/${runId}/find?${query}`);
            const { hits } = v.parse(Found, await response.json());
            assert.ok(hits.length > 0, `${runId}: ${q}`);
            for (const { at, line } of hits) {
              const known = events.slice(0, line + 1);
              assert.equal(at, Math.max(...known.map((event) => Date.parse(event.at))));
              const talk = known.reduce(conversationStep, emptyConversation(0));
              const said = [...talk.entries].map((entry) => folded(onOneLine(JSON.stringify(entry))));
              const inJson = folded(onOneLine(JSON.stringify(q).slice(1, -1)));
              const plain = [...talk.entries].map((entry) =>
                "text" in entry ? folded(onOneLine(entry.text)) : "",
              );
              assert.ok(
                [...said, ...plain].some((text) => text.includes(inJson) || text.includes(q)),
                `${runId}: ${q}`,
              );
              count += 1;
            }
          }
        }
        client.unsubscribeRun(runId);
      }
      assert.ok(count > 20, `${count} hits`);
      assert.deepEqual(viewer.errors, []);
    },
  );
}
