import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AcpUpdate } from "./acp-update.ts";
import { appendLine, replaceJson } from "./atomic-file.ts";
import type { Clock } from "./clock.ts";
import { ConversationRecord } from "./conversation-record.ts";
import type { Ids } from "./ids.ts";
import type { Conversation, SessionBinding } from "./run-record.ts";
import type { Usage } from "./story-shape.ts";

/** One agent session of a run: its binding, its record, and the log of every message with the agent. */
export class SessionWriter {
  readonly binding: SessionBinding;
  readonly #dir: string;
  readonly #eventsFile: string;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #messages = new ConversationRecord();
  readonly #createdAt: string;
  #seq = 0;
  #requestId = 0;
  /** What the session has cost until now. */
  #costUsd = 0;
  #turn: { messageStart: number; eventStartSeq: number; reply: string } | undefined;

  constructor(runDir: string, binding: SessionBinding, clock: Clock, ids: Ids) {
    this.binding = binding;
    this.#dir = join(runDir, "sessions", binding.bundleId);
    this.#eventsFile = join(this.#dir, "events.ndjson");
    this.#clock = clock;
    this.#ids = ids;
    this.#createdAt = clock.now().toISOString();
  }

  /** The files exist, the log empty, before the manifest names them. */
  async create(): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    await this.saveBinding();
    await writeFile(this.#eventsFile, "", { flag: "a" });
    await this.saveRecord();
  }

  async saveBinding(): Promise<void> {
    await replaceJson(join(this.#dir, "binding.json"), this.binding);
  }

  /** The handshake an agent process starts with; an isolated session's log shows it. */
  async handshake(): Promise<void> {
    const { acpSessionId, cwd } = this.binding;
    this.#beginTurn();
    await this.#request("initialize", {
      protocolVersion: 1,
      clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: true },
      clientInfo: { name: "acpx", version: "0.19.1" },
    });
    await this.#answer({ protocolVersion: 1, authMethods: [], agentCapabilities: { loadSession: true } });
    await this.#request("session/new", { cwd, mcpServers: [] });
    await this.#answer({ sessionId: acpSessionId });
  }

  async prompt(text: string): Promise<void> {
    if (this.#turn === undefined) this.#beginTurn();
    this.#messages.addPrompt(this.#ids.uuid(), text);
    const { acpSessionId } = this.binding;
    await this.#request("session/prompt", { sessionId: acpSessionId, prompt: [{ type: "text", text }] });
  }

  async update(update: AcpUpdate): Promise<void> {
    this.#messages.fold(update);
    if (this.#turn !== undefined && update.sessionUpdate === "agent_message_chunk") {
      this.#turn.reply += update.content.text;
    }
    const params = { sessionId: this.binding.acpSessionId, update };
    await this.#append("inbound", { jsonrpc: "2.0", method: "session/update", params });
  }

  /** Ends the turn, and gives what was said and where it stands in the log. */
  async endTurn({ costUsd, inputTokens, outputTokens }: Usage): Promise<TurnRange> {
    const totalTokens = inputTokens + outputTokens;
    this.#costUsd += costUsd;
    const cost = { amount: Number(this.#costUsd.toFixed(4)), currency: "USD" };
    await this.update({ sessionUpdate: "usage_update", used: totalTokens, size: 200_000, cost });
    await this.#answer({ stopReason: "end_turn", usage: { inputTokens, outputTokens, totalTokens } });
    await this.saveBinding();
    await this.saveRecord();
    if (this.#turn === undefined) throw new Error("A turn cannot end before it began.");
    const { messageStart, eventStartSeq, reply } = this.#turn;
    this.#turn = undefined;
    const sessionId = this.binding.bundleId;
    const messageEnd = this.#messages.length - 1;
    return {
      reply,
      conversation: { sessionId, messageStart, messageEnd, eventStartSeq, eventEndSeq: this.#seq },
    };
  }

  async saveRecord(): Promise<void> {
    const { acpxRecordId, acpSessionId, agentCommand, cwd, name, bundleId } = this.binding;
    const now = this.#clock.now().toISOString();
    await replaceJson(join(this.#dir, "record.json"), {
      schema: "acpx.session.v1",
      acpxRecordId,
      acpSessionId,
      agentCommand,
      cwd,
      name,
      createdAt: this.#createdAt,
      lastUsedAt: now,
      lastSeq: this.#seq,
      eventLog: {
        active_path: `sessions/${bundleId}/events.ndjson`,
        segment_count: 1,
        max_segment_bytes: 67_108_864,
        max_segments: 1,
        last_write_error: null,
      },
      closed: false,
      protocolVersion: 1,
      agentCapabilities: { loadSession: true },
      title: null,
      messages: this.#messages,
      updated_at: now,
    });
  }

  #beginTurn(): void {
    this.#turn = { messageStart: this.#messages.length, eventStartSeq: this.#seq + 1, reply: "" };
  }

  async #request(method: string, params: object): Promise<void> {
    await this.#append("outbound", { jsonrpc: "2.0", id: this.#requestId, method, params });
  }

  async #answer(result: object): Promise<void> {
    await this.#append("inbound", { jsonrpc: "2.0", id: this.#requestId, result });
    this.#requestId += 1;
  }

  async #append(direction: "inbound" | "outbound", message: object): Promise<void> {
    this.#seq += 1;
    const at = this.#clock.now().toISOString();
    await appendLine(this.#eventsFile, { seq: this.#seq, at, direction, message });
  }
}

export interface TurnRange {
  readonly reply: string;
  readonly conversation: Conversation;
}
