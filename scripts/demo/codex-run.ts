import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "./clock.ts";
import { createIds, type Ids } from "./ids.ts";

export interface CodexParts {
  /** The folder that Codex keeps its things in: `sessions/YYYY/MM/DD` is made below it. */
  readonly home: string;
  readonly clock: Clock;
  readonly ids?: Ids;
  readonly cwd?: string;
  readonly branch?: string;
  readonly model?: string;
  readonly version?: string;
  /** Of a fork, or of a subagent: whose history it begins with. */
  readonly from?: CodexSession;
  readonly spawnedBy?: { readonly thread: string; readonly depth?: number; readonly role?: string };
}

/** As the producer counts: what was cached is inside the input, what was thought inside the output. */
export interface CodexTokens {
  readonly input: number;
  readonly cached?: number;
  readonly output: number;
  readonly reasoning?: number;
}

export interface CodexLimit {
  readonly usedPercent: number;
  readonly windowMinutes: number;
  /** Seconds since the epoch. */
  readonly resetsAt: number;
}

interface Line {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Writes a session as Codex does: a line of its rollout file as each thing happens. */
export class CodexSession {
  readonly id: string;
  /** The file's folder and its name. */
  readonly dir: string;
  readonly name: string;
  readonly #parts: CodexParts;
  readonly #ids: Ids;
  readonly #startedAt: Date;
  #lines: readonly Line[] = [];
  #model: string;
  #turn = "";
  #turnAt = 0;
  #total = { input: 0, cached: 0, output: 0, reasoning: 0 };
  #said = "";

  constructor(parts: CodexParts) {
    this.#parts = parts;
    this.#ids = parts.ids ?? createIds();
    this.#model = parts.model ?? "gpt-5.4";
    this.#startedAt = parts.clock.now();
    this.id = this.#timedId();
    const stamp = this.#startedAt.toISOString().slice(0, 19);
    this.dir = join(parts.home, "sessions", ...stamp.slice(0, 10).split("-"));
    this.name = `rollout-${stamp.replaceAll(":", "-")}-${this.id}.jsonl`;
  }

  get file(): string {
    return join(this.dir, this.name);
  }

  /** The file is there, with the thread's first line, and the history it goes on from, stamped anew. */
  async start(): Promise<void> {
    const { branch = "main", cwd = "/srv/shop", from, spawnedBy, version = "0.142.5" } = this.#parts;
    await mkdir(this.dir, { recursive: true });
    await this.#put("session_meta", {
      id: this.id,
      timestamp: this.#startedAt.toISOString(),
      cwd,
      originator: "codex_cli_rs",
      cli_version: version,
      source: sourceOf(spawnedBy),
      ...(from === undefined || spawnedBy !== undefined ? {} : { forked_from_id: from.id }),
      model_provider: "openai",
      git: { branch, commit_hash: "0".repeat(40) },
    });
    if (from === undefined) return;
    for (const { payload, type } of from.#lines) await this.#put(type, payload);
    this.#total = { ...from.#total };
  }

  /** A person asks: what a turn runs in, and the words, once for the model and once as they were typed. */
  async prompt(text: string): Promise<void> {
    if (this.#turn === "") await this.beginTask();
    await this.#item({ type: "message", role: "user", content: [{ type: "input_text", text }] });
    await this.#event({
      type: "user_message",
      message: text,
      images: [],
      local_images: [],
      text_elements: [],
    });
  }

  async beginTask(): Promise<void> {
    this.#turn = this.#timedId();
    this.#turnAt = this.#parts.clock.now().getTime();
    const started = Math.floor(this.#turnAt / 1_000);
    await this.#event({ type: "task_started", turn_id: this.#turn, started_at: started });
    await this.#put("turn_context", {
      turn_id: this.#turn,
      cwd: this.#parts.cwd ?? "/srv/shop",
      approval_policy: "on-request",
      model: this.#model,
    });
  }

  /** Takes effect with the next turn. */
  useModel(model: string): void {
    this.#model = model;
  }

  async think(summary?: string): Promise<void> {
    const parts = summary === undefined ? [] : [{ type: "summary_text", text: summary }];
    await this.#item({ type: "reasoning", summary: parts, content: null, encrypted_content: "…" });
  }

  async say(text: string): Promise<void> {
    this.#said = text;
    await this.#event({ type: "agent_message", message: text });
    await this.#item({ type: "message", role: "assistant", content: [{ type: "output_text", text }] });
  }

  /** Begins a command; gives its id. */
  async call(command: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return this.tool("exec_command", { cmd: command, ...more });
  }

  async tool(name: string, input: Readonly<Record<string, unknown>>): Promise<string> {
    const id = this.#callId();
    await this.#item({ type: "function_call", name, arguments: JSON.stringify(input), call_id: id });
    return id;
  }

  /** What came of a command. */
  async result(id: string, text: string, exitCode = 0, seconds = 0.2): Promise<void> {
    const notes = [`Wall time: ${seconds.toFixed(4)} seconds`, `Process exited with code ${exitCode}`];
    await this.output(id, [...notes, "Output:", text].join("\n"));
  }

  async output(id: string, output: unknown): Promise<void> {
    await this.#item({ type: "function_call_output", call_id: id, output });
  }

  async exec(command: string, text: string, exitCode = 0, seconds = 0.2): Promise<void> {
    await this.result(await this.call(command), text, exitCode, seconds);
  }

  /** Changes files: the text as `apply_patch` takes it. */
  async patch(text: string, success = true): Promise<void> {
    const id = this.#callId();
    await this.#item({
      type: "custom_tool_call",
      status: "completed",
      call_id: id,
      name: "apply_patch",
      input: text,
    });
    const stdout = success ? "Success. Updated the following files:\n" : "";
    await this.#event({ type: "patch_apply_end", call_id: id, stdout, stderr: "", success, changes: {} });
    const output = { output: stdout, metadata: { exit_code: success ? 0 : 1, duration_seconds: 0.1 } };
    await this.#item({ type: "custom_tool_call_output", call_id: id, output: JSON.stringify(output) });
  }

  async plan(steps: readonly (readonly [step: string, status: string])[]): Promise<void> {
    const id = await this.tool("update_plan", { plan: steps.map(([step, status]) => ({ step, status })) });
    await this.output(id, "Plan updated");
  }

  /** What the answer until here took. */
  async tokens(
    last: CodexTokens,
    limits?: { readonly primary?: CodexLimit; readonly secondary?: CodexLimit },
  ): Promise<void> {
    const { cached = 0, input, output, reasoning = 0 } = last;
    const before = this.#total;
    this.#total = {
      input: before.input + input,
      cached: before.cached + cached,
      output: before.output + output,
      reasoning: before.reasoning + reasoning,
    };
    await this.#event({
      type: "token_count",
      info: {
        total_token_usage: told(this.#total),
        last_token_usage: told({ cached, input, output, reasoning }),
        model_context_window: 258_400,
      },
      rate_limits: {
        limit_id: "codex",
        primary: window(limits?.primary),
        secondary: window(limits?.secondary),
        plan_type: "pro",
      },
    });
  }

  async endTurn(): Promise<void> {
    const turn = { turn_id: this.#turn, duration_ms: this.#parts.clock.now().getTime() - this.#turnAt };
    this.#turn = "";
    await this.#event({ type: "task_complete", ...turn, last_agent_message: this.#said || null });
  }

  async abort(reason = "interrupted"): Promise<void> {
    const turn = { turn_id: this.#turn, duration_ms: this.#parts.clock.now().getTime() - this.#turnAt };
    this.#turn = "";
    await this.#event({ type: "turn_aborted", ...turn, reason });
  }

  async compact(): Promise<void> {
    await this.#put("compacted", { message: "", replacement_history: [] });
    await this.#event({ type: "context_compacted" });
  }

  async fail(message: string): Promise<void> {
    await this.#event({ type: "error", message, codex_error_info: "other" });
  }

  async rename(title: string): Promise<void> {
    await this.#event({ type: "thread_name_updated", thread_id: this.id, thread_name: title });
  }

  /** Any other record. */
  async write(type: string, payload: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#put(type, payload);
  }

  #callId(): string {
    return `call_${this.#ids.uuid().replaceAll("-", "").slice(0, 24)}`;
  }

  /** Codex makes ids that begin with the time. */
  #timedId(): string {
    const time = this.#parts.clock.now().getTime().toString(16).padStart(12, "0");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${this.#ids.uuid().slice(15)}`;
  }

  async #item(payload: Line["payload"]): Promise<void> {
    await this.#put("response_item", payload);
  }

  async #event(payload: Line["payload"]): Promise<void> {
    await this.#put("event_msg", payload);
  }

  async #put(type: string, payload: Line["payload"]): Promise<void> {
    this.#lines = [...this.#lines, { type, payload }];
    const timestamp = this.#parts.clock.now().toISOString();
    await appendFile(this.file, `${JSON.stringify({ timestamp, type, payload })}\n`);
  }
}

function sourceOf(spawnedBy: CodexParts["spawnedBy"]): unknown {
  if (spawnedBy === undefined) return "cli";
  const { depth = 1, role = "worker", thread } = spawnedBy;
  return { subagent: { thread_spawn: { parent_thread_id: thread, depth, agent_role: role } } };
}

function told({ cached, input, output, reasoning }: Required<CodexTokens>) {
  return {
    input_tokens: input,
    cached_input_tokens: cached,
    output_tokens: output,
    reasoning_output_tokens: reasoning,
    total_tokens: input + output,
  };
}

function window(limit: CodexLimit | undefined) {
  if (limit === undefined) return null;
  return { used_percent: limit.usedPercent, window_minutes: limit.windowMinutes, resets_at: limit.resetsAt };
}
