import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { Fact } from "../../src/sources/coding/fact.ts";
import type { CodingFormat } from "../../src/sources/coding/format.ts";

/** A line of a made session: what is said when, in as few words as a test needs. */
export type MadeRecord = v.InferOutput<typeof Made>;
const Made = v.variant("do", [
  v.looseObject({ t: v.string(), do: v.literal("ask"), text: v.string() }),
  v.looseObject({ t: v.string(), do: v.literal("say"), text: v.string() }),
  v.looseObject({
    t: v.string(),
    do: v.literal("call"),
    id: v.string(),
    kind: v.string(),
    asks: v.optional(v.boolean()),
  }),
  v.looseObject({ t: v.string(), do: v.literal("done"), id: v.string() }),
  v.looseObject({ t: v.string(), do: v.literal("use"), key: v.string(), tokens: v.number() }),
  v.looseObject({
    t: v.string(),
    do: v.literal("agent"),
    id: v.string(),
    call: v.string(),
    over: v.boolean(),
  }),
  v.looseObject({ t: v.string(), do: v.literal("end") }),
]);

/** Coding sessions in "*.made" files; the subagents of "a.made" are the "*.made" files of the folder "a". */
export const madeFormat: CodingFormat = {
  type: "made",
  label: "Made",
  provider: "maker",
  below: ["logs/*"],
  isSessionName: (name) => name.endsWith(".made"),
  isSession: (records) => records.some((record) => v.is(Made, record)),
  facts: () => ({ take: (record) => (v.is(Made, record) ? factsOf(record) : []) }),
  eventOf(record) {
    const at = typeof record["t"] === "string" ? record["t"] : "";
    if (!v.is(Made, record)) return message(at, "runreel/record", { type: "?", record });
    const text = { content: { type: "text", text: "text" in record ? record.text : "" } };
    switch (record.do) {
      case "ask":
        return message(at, "session/prompt", { prompt: [{ type: "text", text: record.text }] }, 1);
      case "say":
        return message(at, "session/update", { update: { sessionUpdate: "agent_message_chunk", ...text } });
      case "call":
        return message(at, "session/update", {
          update: { sessionUpdate: "tool_call", toolCallId: record.id, title: record.id, kind: record.kind },
        });
      case "done":
        return message(at, "session/update", {
          update: { sessionUpdate: "tool_call_update", toolCallId: record.id, status: "completed" },
        });
      case "use":
      case "agent":
      case "end":
        return message(at, "runreel/record", { type: record.do, record });
      default:
        return record satisfies never;
    }
  },
  async agentsOf({ dir, name }) {
    const folder = join(dir, name.replace(/\.made$/, ""));
    const names = await readdir(folder).catch((): string[] => []);
    return names.toSorted().map((each) => ({
      dir: folder,
      name: each,
      id: each.replace(/\.made$/, ""),
      label: `the ${each.replace(/\.made$/, "")}`,
      call: null,
    }));
  },
};

function message(at: string, method: string, params: object, id?: number) {
  const told = { jsonrpc: "2.0", ...(id === undefined ? {} : { id }), method, params };
  return { at, direction: id === undefined ? "inbound" : "outbound", message: told };
}

function factsOf(record: MadeRecord): Fact[] {
  const at = Date.parse(record.t);
  switch (record.do) {
    case "ask":
      return [{ is: "prompt", at, text: record.text }];
    case "say":
      return [{ is: "answer", at, text: record.text }];
    case "call": {
      const { asks, id, kind } = record;
      return [{ is: "call", at, id, tool: kind, kind, title: id, path: null, asks: asks === true }];
    }
    case "done":
      return [{ is: "result", at, id: record.id, isError: false, bytes: 0, durationMs: null }];
    case "use": {
      const { key, tokens: outputTokens } = record;
      const none = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, cacheWrite1hTokens: 0 };
      return [{ is: "usage", at, key, model: "m", tokens: { ...none, outputTokens }, isCopied: false }];
    }
    case "agent":
      return [{ is: "agent", at, agent: record.id, call: record.call, isOver: record.over }];
    case "end":
      return [{ is: "turn-over", at, outcome: "ok", error: null }];
    default:
      return record satisfies never;
  }
}

export function madeLines(records: readonly MadeRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}
