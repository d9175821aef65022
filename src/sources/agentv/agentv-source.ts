import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Clock } from "../../clock.ts";
import type { RunFile } from "../../protocol/bundle.ts";
import { type Tally, tallyOf, type TestState } from "../../protocol/tally.ts";
import { BundleFile } from "../bundle-file.ts";
import { EvaluationDraft, type Talk } from "../evaluation/evaluation-draft.ts";
import { stampOf } from "../json-file.ts";
import { parseJson } from "../parse-json.ts";
import { SignsOfLife } from "../signs-of-life.ts";
import type { Draft, Extent, Follower, FollowResult, Glance, Glancer, Pulse, Source } from "../source.ts";
import { Row, Summary } from "./row.ts";

const LAYOUTS = [
  { summary: "benchmark.json", index: "index.jsonl" },
  { summary: "summary.json", index: ".internal/index.jsonl" },
] as const;

/** Evaluations of AgentV: a folder a run. */
export function agentvSource(clock: Clock): Source {
  return {
    type: "agentv",
    label: "AgentV",
    glancer: (dir) => new Glancing(dir, clock),
    async stampOf(dir) {
      const stamps = await Promise.all(
        LAYOUTS.flatMap(({ index, summary }) => [summary, index]).map(async (name) => {
          const stats = await new BundleFile(dir, name).stat();
          return stats === undefined ? "" : stampOf(stats);
        }),
      );
      return stamps.every((stamp) => stamp === "") ? null : stamps.join(" ");
    },
    below: [".agentv/results", ".agentv/results/runs/*", "results", "results/runs/*", "runs/*"],
    atHand: [".agentv/results", ".agentv/results/runs/*"],
    follow: (dir, draft, extent) => new Following(dir, draft, extent, clock),
  };
}

interface Look {
  readonly summary: Summary;
  readonly rows: readonly Row[];
  readonly newest: number;
}

async function look(dir: string): Promise<Look | null> {
  for (const layout of LAYOUTS) {
    const summary = await readAll(dir, layout.summary);
    if (summary === undefined) continue;
    const parsed = parseJson(summary.text, Summary);
    if (parsed.kind === "bad") continue;
    const index = await readAll(dir, layout.index);
    const lines = (index?.text ?? "").split("\n").slice(0, -1);
    const rows = lines
      .map((line) => parseJson(line, Row))
      .flatMap((row) => (row.kind === "good" ? [row.value] : []));
    return { summary: parsed.value, rows, newest: Math.max(summary.modifiedAt, index?.modifiedAt ?? 0) };
  }
  return null;
}

async function readAll(dir: string, name: string): Promise<{ text: string; modifiedAt: number } | undefined> {
  const opened = await new BundleFile(dir, name).open().catch(() => undefined);
  if (opened === undefined) return undefined;
  try {
    return { text: await opened.file.readFile("utf8"), modifiedAt: opened.stats.mtimeMs };
  } finally {
    await opened.file.close();
  }
}

function stateOf(row: Row): TestState {
  if (row.execution_status === "execution_error") return "error";
  return (row.score ?? 0) >= 0.8 ? "passed" : "failed";
}

function keyOf(row: Row): string {
  return [row.suite, row.test_id, row.target].filter((part) => part != null).join("/");
}

function standing(dir: string, { rows, summary }: Look): { run: RunFile; tally: Tally } {
  const name = basename(dir);
  const startedAt = name.replace(/^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z.*/, "$1T$2:$3:$4.$5Z");
  const states = new Map(rows.map((row) => [keyOf(row), stateOf(row)]));
  const tally = tallyOf(states.values(), summary.metadata.planned_test_count ?? 0);
  const isFinal = (summary.metadata.tests_run ?? []).length > 0;
  const newest =
    rows
      .map((row) => row.timestamp)
      .toSorted()
      .at(-1) ?? startedAt;
  return {
    run: {
      runId: name,
      flowName: basename(summary.metadata.eval_file ?? name),
      startedAt,
      updatedAt: newest,
      status: isFinal ? "completed" : rows.length === 0 ? "starting" : "running",
      ...(isFinal ? { finishedAt: newest } : {}),
    },
    tally,
  };
}

function pulseOf(run: RunFile, lastWriteAt: number): Pulse {
  const status =
    run.status === "completed" ? "completed" : run.status === "starting" ? "starting" : "running";
  return { status, silenceMs: status === "completed" ? null : 120_000, lastWriteAt };
}

class Glancing implements Glancer {
  readonly #dir: string;
  readonly #signs: SignsOfLife;

  constructor(dir: string, clock: Clock) {
    this.#dir = dir;
    this.#signs = new SignsOfLife(clock);
  }

  async read(): Promise<Glance | null> {
    const seen = await look(this.#dir);
    if (seen === null) return null;
    const { run, tally } = standing(this.#dir, seen);
    const pulse = pulseOf(run, this.#signs.note(seen.newest));
    const { size } = await stat(this.#dir);
    return {
      summary: {
        runId: basename(this.#dir),
        source: "agentv",
        flowName: run.flowName ?? "",
        status: pulse.status,
        startedAt: run.startedAt ?? "",
        updatedAt: run.updatedAt ?? "",
        path: this.#dir,
        tally,
        ...(run.finishedAt == null ? {} : { finishedAt: run.finishedAt }),
      },
      pulse,
      stamp: String(size),
      folders: [this.#dir, join(this.#dir, ".internal")],
    };
  }
}

class Following implements Follower {
  readonly folders: readonly string[];
  readonly #dir: string;
  readonly #out: EvaluationDraft;
  readonly #signs: SignsOfLife;
  readonly #numbers = new Map<string, number>();
  readonly #seen = new Set<string>();

  constructor(dir: string, draft: Draft, extent: Extent, clock: Clock) {
    this.#dir = dir;
    this.folders = [dir, join(dir, ".internal")];
    this.#out = new EvaluationDraft(draft, extent);
    this.#signs = new SignsOfLife(clock);
  }

  get parts() {
    return this.#out.parts;
  }

  close(): void {
    return undefined;
  }

  async read(): Promise<FollowResult> {
    const seen = await look(this.#dir);
    if (seen === null) {
      this.#out.settle();
      return { kind: "read", pulse: { status: "unknown", silenceMs: null, lastWriteAt: 0 } };
    }
    const { run, tally } = standing(this.#dir, seen);
    this.#out.setManifest({ runId: basename(this.#dir), startedAt: run.startedAt, flowName: run.flowName });
    this.#out.setRun(run);
    for (const row of seen.rows) this.#take(row);
    this.#out.setTally(tally);
    this.#out.settle();
    return { kind: "read", pulse: pulseOf(run, this.#signs.note(seen.newest)) };
  }

  #take(row: Row): void {
    const test = keyOf(row);
    if (this.#seen.has(`${test} ${row.timestamp}`)) return;
    this.#seen.add(`${test} ${row.timestamp}`);
    const number = (this.#numbers.get(test) ?? 0) + 1;
    this.#numbers.set(test, number);
    const attempt = { test, number };
    const at = row.timestamp;
    const since = new Date(Date.parse(at) - (row.duration_ms ?? 0)).toISOString();
    this.#out.testStarted(at, attempt, {
      test: row.test_id,
      suite: row.suite,
      target: row.target,
      category: row.category,
      since,
    });
    for (const score of row.scores ?? []) {
      const verdict = score.verdict === "pass" || score.verdict === "skip" ? score.verdict : "fail";
      this.#out.graderResult(at, attempt, {
        name: score.name,
        kind: score.type,
        verdict,
        score: score.score,
        weight: score.weight,
        durationMs: score.duration_ms,
        assertions: (score.assertions ?? []).map(({ evidence, passed, text }) => ({
          text,
          passed,
          ...(typeof evidence === "string" ? { evidence } : {}),
        })),
      });
    }
    const talk = this.#out.say(at, talkOf(row, `${test}#${number}`));
    const usage = row.token_usage;
    this.#out.testResult(at, attempt, {
      state: stateOf(row),
      score: row.score,
      threshold: 0.8,
      durationMs: row.duration_ms,
      tokens: usage == null ? null : (usage.input ?? 0) + (usage.output ?? 0),
      costUsd: row.cost_usd,
      error: row.error,
      stage: row.failure_stage,
      reason: row.failure_reason_code,
      talk,
    });
  }
}

function talkOf(row: Row, sessionId: string): Talk[] {
  const talk: Talk[] = [];
  const update = (fields: Record<string, unknown>) =>
    talk.push({
      direction: "inbound",
      message: { jsonrpc: "2.0", method: "session/update", params: { sessionId, update: fields } },
    });
  for (const { content, role, tool_calls } of row.trace?.messages ?? []) {
    const text = typeof content === "string" ? content : JSON.stringify(content ?? "");
    if (role === "user")
      talk.push({
        direction: "outbound",
        message: {
          jsonrpc: "2.0",
          id: sessionId,
          method: "session/prompt",
          params: { sessionId, prompt: [{ type: "text", text }] },
        },
      });
    else update({ sessionUpdate: "agent_message_chunk", content: { type: "text", text } });
    for (const [index, call] of (tool_calls ?? []).entries())
      update({
        sessionUpdate: "tool_call",
        toolCallId: `${sessionId}/${call.id ?? index}`,
        title: call.tool,
        kind: "other",
        status: "completed",
        rawInput: call.input,
        rawOutput: call.output,
      });
  }
  if (talk.length > 0)
    talk.push({
      direction: "inbound",
      message: { jsonrpc: "2.0", id: sessionId, result: { stopReason: "end_turn" } },
    });
  return talk;
}
