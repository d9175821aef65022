import type { Burn, LiveStats, NowRecord } from "../../src/protocol/now.ts";

/** What a server tells of what happens now, for tests. */

const OF_RUN = {
  ts: "2026-11-20T10:00:00.000Z",
  run_id: "claude-code:one",
  run_title: "Fix the upload",
  source: "claude-code",
  project: "/srv/uploader",
  session_id: "one",
};

type Of<Type extends NowRecord["type"]> = Extract<NowRecord, { type: Type }>;

export function callOf(id: string, change: Partial<Of<"tool_call">["payload"]> = {}): Of<"tool_call"> {
  const call = {
    ...OF_RUN,
    id,
    tool_name: "Bash",
    kind: "execute",
    title: "pnpm test",
    file_path: null,
    byte_count: 0,
    status: "running",
    duration: null,
  } as const;
  return { type: "tool_call", payload: { ...call, ...change } };
}

export function endOf(id: string, change: Partial<Of<"tool_result">["payload"]> = {}): Of<"tool_result"> {
  const end = { ...OF_RUN, id, tool_name: "Bash", byte_count: 12, status: "ok", duration: 1.5 } as const;
  return { type: "tool_result", payload: { ...end, ...change } };
}

export function answerOf(id: string, change: Partial<Of<"event">["payload"]> = {}): Of<"event"> {
  const answer = {
    ...OF_RUN,
    id,
    model: "claude-opus-4-8",
    cost_usd: 0.0812,
    input_tokens: 12,
    output_tokens: 1204,
    cache_read_tokens: 48_000,
    cache_create_tokens: 900,
  };
  return { type: "event", payload: { ...answer, ...change } };
}

export function burnOf(change: Partial<Burn>): Burn {
  return {
    window_minutes: 5,
    window_cost: 0.155,
    per_minute: 0.031,
    per_hour: 1.86,
    today_cost: 6.42,
    month_to_date: 71.2,
    projected_month_end: 214.4,
    ts: "2026-11-20T10:00:00.000Z",
    unpriced_tokens: 0,
    window_unpriced_tokens: 0,
    month_unpriced_tokens: 0,
    series: Array.from({ length: 60 }, () => 0),
    ...change,
  };
}

export function statsOf(change: Partial<LiveStats> = {}): LiveStats {
  return {
    burn: burnOf({}),
    tool_latency: [],
    latency_hours: 24,
    watermarks: { event: "", tool_call: "" },
    watcher: { running: true, mode: "watching", trouble: [] },
    by_project: [],
    by_model: [],
    plan_limits: [],
    reading: null,
    ...change,
  };
}
