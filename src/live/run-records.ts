import * as v from "valibot";
import type { RunSummary, SessionEvent, TraceEvent } from "../protocol/bundle.ts";
import type { NowRecord } from "../protocol/now.ts";
import { TestResult } from "../protocol/test-lines.ts";
import { updatesIn } from "../protocol/updates.ts";
import { Newest } from "../sums/newest.ts";
import { cutName, finite } from "./event-values.ts";

/** The lines of a flow's or an evaluation's logs as records of what happens now. */

const MOST_TOLD = 10_000;

/** What was told of a run: nothing is told twice. */
export interface Told {
  readonly calls: Newest<{ readonly at: number; readonly tool: string }>;
  readonly records: Newest<true>;
}

export function nothingTold(): Told {
  return { calls: new Newest(MOST_TOLD), records: new Newest(MOST_TOLD) };
}

const MaybeText = v.fallback(v.nullish(v.string()), null);

const Call = v.object({
  sessionUpdate: v.picklist(["tool_call", "tool_call_update"]),
  toolCallId: v.string(),
  title: MaybeText,
  kind: MaybeText,
  status: MaybeText,
  content: v.optional(v.unknown()),
  rawOutput: v.optional(v.unknown()),
  locations: v.fallback(v.nullish(v.array(v.object({ path: v.string() }))), null),
  _meta: v.fallback(
    v.nullish(
      v.object({
        claudeCode: v.fallback(v.nullish(v.object({ toolName: MaybeText })), null),
        runreel: v.fallback(
          v.nullish(v.object({ durationMs: v.fallback(v.nullish(v.number()), null) })),
          null,
        ),
      }),
    ),
    null,
  ),
});
type Call = v.InferOutput<typeof Call>;

export function recordsOfEvent(
  line: RunSummary,
  session: string,
  { at, message }: SessionEvent,
  told: Told,
): NowRecord[] {
  if (message["method"] !== "session/update") return [];
  return updatesIn(message).flatMap((update) => {
    const parsed = v.safeParse(Call, update);
    if (!parsed.success) return [];
    const record = recordOf(line, session, at, parsed.output, told);
    return record === undefined ? [] : [record];
  });
}

function recordOf(
  line: RunSummary,
  session: string,
  at: string,
  call: Call,
  told: Told,
): NowRecord | undefined {
  const id = `${line.runId}/${session}/${call.toolCallId}`;
  const { _meta: meta } = call;
  const known = told.calls.get(id);
  const time = Date.parse(at);
  const end = call.status === "completed" ? "ok" : call.status === "failed" ? "error" : null;
  const tool = cutName(meta?.claudeCode?.toolName ?? call.kind ?? "tool");
  const ofRun = { id, ts: at, ...runOf(line, session) };
  const bytes = end === null ? 0 : bytesOf(call.rawOutput ?? call.content);
  const measured = meta?.runreel?.durationMs;
  if (call.sessionUpdate === "tool_call" && isFirst(told, `call ${id} ${at}`)) {
    told.calls.set(id, { at: time, tool });
    if (end !== null) isFirst(told, `end ${id}`);
    return {
      type: "tool_call",
      payload: {
        ...ofRun,
        tool_name: tool,
        kind: call.kind ?? "other",
        title: cutName(call.title ?? tool),
        file_path: call.locations?.[0]?.path ?? null,
        byte_count: bytes,
        status: end ?? "running",
        duration: end === null || measured == null ? null : measured / 1_000,
      },
    };
  }
  if (end === null || !isFirst(told, `end ${id}`)) return undefined;
  const took = measured ?? (known === undefined ? null : Math.max(0, time - known.at));
  return {
    type: "tool_result",
    payload: {
      ...ofRun,
      tool_name: known?.tool ?? tool,
      byte_count: bytes,
      status: end,
      duration: took === null ? null : finite(took / 1_000),
    },
  };
}

/** Undefined: the line is no test's end, or one that was told. */
export function recordOfTest(line: RunSummary, entry: TraceEvent, told: Told): NowRecord | undefined {
  if (entry.type !== "test_result") return undefined;
  const parsed = v.safeParse(TestResult, entry.payload);
  const attempt = entry.attemptId ?? entry.nodeId ?? "";
  // What is only said more of an attempt is no news.
  if (!parsed.success || parsed.output.added === true) return undefined;
  if (!isFirst(told, `test ${attempt}`)) return undefined;
  const { costUsd, durationMs, score, state, test } = parsed.output;
  return {
    type: "test_result",
    payload: {
      id: `${line.runId}/${attempt}`,
      ts: entry.at,
      ...runOf(line, null),
      test: cutName(test ?? entry.nodeId ?? ""),
      state,
      score: finite(score),
      duration: durationMs == null ? null : finite(durationMs / 1_000),
      cost_usd: finite(costUsd),
    },
  };
}

function runOf({ flowName, project, runId, runTitle, source }: RunSummary, session: string | null) {
  return {
    run_id: runId,
    run_title: cutName(runTitle ?? flowName),
    source,
    project: project ?? null,
    session_id: session,
  };
}

function isFirst({ records }: Told, key: string): boolean {
  if (records.has(key)) return false;
  records.set(key, true);
  return true;
}

function bytesOf(value: unknown): number {
  if (value == null) return 0;
  return Buffer.byteLength(typeof value === "string" ? value : JSON.stringify(value));
}
