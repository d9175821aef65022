import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createIds, type Ids } from "./ids.ts";

export interface ClaudeParts {
  /** The folder that is worked in. */
  readonly cwd?: string;
  readonly model?: string;
  readonly branch?: string;
  /** The same seed gives the same ids. */
  readonly seed?: string;
  readonly now?: () => Date;
}

interface Tokens {
  readonly input?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly output?: number;
}

interface ClaudeResult {
  readonly isError?: boolean;
  /** What the producer keeps of it beside its text. */
  readonly details?: object;
}

/** A conversation as Claude Code writes it: a file of records, one appended as each thing happens. */
class ClaudeFile {
  readonly file: string;
  protected readonly ids: Ids;
  protected readonly parts: Required<ClaudeParts>;
  readonly #common: object;
  #parent: string | null = null;
  /** The answer that is being given: a record a part, all with its id and usage. */
  #answer: { readonly id: string; readonly requestId: string; readonly usage: object } | null = null;

  constructor(file: string, parts: Required<ClaudeParts>, ids: Ids, common: object) {
    this.file = file;
    this.parts = parts;
    this.ids = ids;
    this.#common = common;
  }

  /** Any record, as it is. */
  async line(record: object): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true });
    await appendFile(this.file, `${JSON.stringify(record)}\n`);
  }

  /** A record of the conversation; gives its uuid. */
  async record(type: string, fields: object): Promise<string> {
    const uuid = this.ids.uuid();
    const { branch, cwd, now } = this.parts;
    const envelope = { userType: "external", cwd, version: "2.1.150", gitBranch: branch, ...this.#common };
    const timestamp = now().toISOString();
    await this.line({
      parentUuid: this.#parent,
      isSidechain: false,
      ...envelope,
      type,
      ...fields,
      uuid,
      timestamp,
    });
    this.#parent = uuid;
    return uuid;
  }

  async prompt(text: string): Promise<void> {
    this.#answer = null;
    await this.record("user", { message: { role: "user", content: text } });
  }

  /** What the next answer takes; else an answer takes a little. */
  answer(tokens: Tokens = {}): void {
    const { cacheRead = 20_000, cacheWrite = 500, input = 4, output = 120 } = tokens;
    const id = `msg_${this.ids.uuid().replaceAll("-", "")}`;
    this.#answer = {
      id,
      requestId: `req_${id.slice(4, 24)}`,
      usage: {
        input_tokens: input,
        cache_creation_input_tokens: cacheWrite,
        cache_read_input_tokens: cacheRead,
        cache_creation: { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 },
        output_tokens: output,
        service_tier: "standard",
      },
    };
  }

  async think(text: string): Promise<void> {
    await this.#part({ type: "thinking", thinking: text, signature: "demo" }, "tool_use");
  }

  async say(text: string): Promise<void> {
    await this.#part({ type: "text", text }, "tool_use");
  }

  /** Gives the id that its result needs. */
  async call(name: string, input: object): Promise<string> {
    const id = `toolu_${this.ids.uuid().replaceAll("-", "").slice(0, 24)}`;
    await this.#part({ type: "tool_use", id, name, input }, "tool_use");
    return id;
  }

  async result(call: string, text: string, { details, isError = false }: ClaudeResult = {}): Promise<void> {
    this.#answer = null;
    const content = [{ tool_use_id: call, type: "tool_result", content: text, is_error: isError }];
    const toolUseResult =
      details ?? (isError ? `Error: ${text}` : { stdout: text, stderr: "", interrupted: false });
    await this.record("user", { message: { role: "user", content }, toolUseResult });
  }

  /** The last answer of a turn. */
  async endTurn(text: string): Promise<void> {
    await this.#part({ type: "text", text }, "end_turn");
    this.#answer = null;
  }

  async #part(block: object, stop_reason: string): Promise<void> {
    if (this.#answer === null) this.answer();
    const { id, requestId, usage } = this.#answer ?? {};
    const message = { model: this.parts.model, id, type: "message", role: "assistant", content: [block] };
    await this.record("assistant", {
      message: { ...message, stop_reason, stop_sequence: null, usage },
      requestId,
    });
  }
}

/** A session with a person. `root` is the folder of all projects: "~/.claude/projects". */
export class ClaudeSession extends ClaudeFile {
  readonly id: string;
  /** The project's folder, in which the file lies. */
  readonly dir: string;
  #turnBegan = 0;

  constructor(root: string, parts: ClaudeParts = {}) {
    const {
      branch = "main",
      cwd = "/srv/shop",
      model = "claude-opus-4-8",
      now = () => new Date(),
      seed,
    } = parts;
    const ids = createIds(seed);
    const id = ids.uuid();
    const dir = join(root, cwd.replaceAll(/[/.]/g, "-"));
    const whole = { branch, cwd, model, now, seed: seed ?? id };
    super(join(dir, `${id}.jsonl`), whole, ids, { sessionId: id });
    this.id = id;
    this.dir = dir;
  }

  override async prompt(text: string): Promise<void> {
    this.#turnBegan = this.parts.now().getTime();
    await super.prompt(text);
  }

  override async endTurn(text: string): Promise<void> {
    await super.endTurn(text);
    const durationMs = this.parts.now().getTime() - this.#turnBegan;
    await this.record("system", { subtype: "turn_duration", durationMs, isMeta: false });
  }

  async title(aiTitle: string): Promise<void> {
    await this.line({ type: "ai-title", aiTitle, sessionId: this.id });
  }

  async interrupt(): Promise<void> {
    const content = [{ type: "text", text: "[Request interrupted by user]" }];
    await this.record("user", { message: { role: "user", content } });
  }

  /** A command the program carries out itself: "/model". */
  async command(name: string, printed: string): Promise<void> {
    const said = [
      `<command-name>${name}</command-name>\n            <command-message>${name.slice(1)}</command-message>\n            <command-args></command-args>`,
      `<local-command-stdout>${printed}</local-command-stdout>`,
    ];
    for (const content of said) await this.record("user", { message: { role: "user", content } });
  }

  async retry(retryAttempt: number, retryInMs: number, message: string): Promise<void> {
    const error = { status: 529, error: { type: "error", error: { type: "overloaded_error", message } } };
    await this.record("system", {
      subtype: "api_error",
      level: "error",
      error,
      retryInMs,
      retryAttempt,
      maxRetries: 10,
    });
  }

  /** The model cannot be reached, and the turn is over. */
  async apiError(text: string): Promise<void> {
    const message = { id: this.ids.uuid(), model: "<synthetic>", role: "assistant", type: "message" };
    const content = [{ type: "text", text }];
    const usage = {
      input_tokens: 0,
      output_tokens: 0,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
    };
    await this.record("assistant", {
      message: { ...message, content, stop_reason: "stop_sequence", usage },
      isApiErrorMessage: true,
    });
  }

  async compact(preTokens: number, summary: string): Promise<void> {
    const compactMetadata = { trigger: "auto", preTokens };
    await this.record("system", {
      subtype: "compact_boundary",
      content: "Conversation compacted",
      compactMetadata,
    });
    const message = { role: "user", content: summary };
    await this.record("user", { message, isCompactSummary: true, isVisibleInTranscriptOnly: true });
  }

  /** A subagent begins, in a file of its own; `finish` of it gives its answer to the session. */
  async subagent(description: string, prompt: string): Promise<ClaudeAgent> {
    const call = await this.call("Task", { description, prompt, subagent_type: "Explore" });
    const agentId = this.ids.uuid().replaceAll("-", "").slice(0, 17);
    const file = join(this.dir, this.id, "subagents", `agent-${agentId}.jsonl`);
    const agent = new ClaudeAgent(file, this.parts, this.ids, { agentId, call, session: this });
    await mkdir(dirname(file), { recursive: true });
    const meta = { agentType: "Explore", description, toolUseId: call };
    await writeFile(file.replace(/jsonl$/, "meta.json"), JSON.stringify(meta));
    await agent.prompt(prompt);
    return agent;
  }
}

interface AgentParts {
  readonly agentId: string;
  readonly call: string;
  readonly session: ClaudeSession;
}

export class ClaudeAgent extends ClaudeFile {
  readonly #own: AgentParts;
  readonly #began: number;

  constructor(file: string, parts: Required<ClaudeParts>, ids: Ids, own: AgentParts) {
    super(file, parts, ids, { sessionId: own.session.id, isSidechain: true, agentId: own.agentId });
    this.#own = own;
    this.#began = parts.now().getTime();
  }

  async finish(text: string): Promise<void> {
    await this.endTurn(text);
    const { agentId, call, session } = this.#own;
    const totalDurationMs = this.parts.now().getTime() - this.#began;
    const details = { status: "completed", agentId, totalDurationMs, content: [{ type: "text", text }] };
    await session.result(call, text, { details });
  }
}
