import { appendFileSync, createWriteStream, mkdirSync, utimesSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";

const MODEL = "claude-opus-4-8";
const OUTPUT = "export function total(lines) { return lines.reduce((sum, line) => sum + line.cents, 0); }\n";
/** Calls in a turn, and how long lies between two records. */
const CALLS = 6;
const STEP_MS = 400;
const BATCH = 500;

export interface SessionOptions {
  /** As `~/.claude`. */
  readonly root: string;
  readonly number: number;
  /** At least so long; whole turns. */
  readonly bytes: number;
  /** When its last record was, ms since the epoch. */
  readonly endedAt: number;
  readonly project?: string;
}

/** A session of Claude Code as its file is, and what may be added to it. */
export interface BenchSession {
  readonly runId: string;
  readonly turns: number;
  readonly answers: number;
  /** Appends a call that has no result yet. Synchronous, so that a caller can time it; gives its id. */
  appendCall(): string;
}

export async function writeSession(options: SessionOptions): Promise<BenchSession> {
  const { bytes, endedAt, number, project = "parcels", root } = options;
  const runId = `${String(number).padStart(8, "0")}-0000-4000-8000-000000000000`;
  const dir = join(root, "projects", `-srv-${project}`);
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${runId}.jsonl`);
  const lines = new Lines(runId, `/srv/${project}`);
  const sample = lines.turn(0, endedAt).join("");
  const turns = Math.max(1, Math.ceil(bytes / Buffer.byteLength(sample)));
  const turnMs = lines.recordsATurn * STEP_MS;
  const out = createWriteStream(file);
  for (let from = 0; from < turns; from += BATCH) {
    let text = "";
    for (let turn = from; turn < Math.min(turns, from + BATCH); turn += 1)
      text += lines.turn(turn, endedAt - (turns - turn) * turnMs).join("");
    if (!out.write(text)) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
  utimesSync(file, new Date(endedAt), new Date(endedAt));
  let appended = 0;
  return {
    runId,
    turns,
    answers: turns * (CALLS + 1),
    appendCall() {
      appended += 1;
      const id = `appended-${appended}`;
      appendFileSync(file, lines.call(`live${appended}`, id, Date.now()));
      return id;
    },
  };
}

class Lines {
  readonly recordsATurn = 2 * CALLS + 2;
  readonly #runId: string;
  readonly #cwd: string;

  constructor(runId: string, cwd: string) {
    this.#runId = runId;
    this.#cwd = cwd;
  }

  turn(turn: number, startedAt: number): string[] {
    let at = startedAt;
    const next = () => (at += STEP_MS);
    const lines = [
      this.#record(`u${turn}`, next(), "user", { role: "user", content: `Look at parcel ${turn}.` }),
    ];
    for (let call = 0; call < CALLS; call += 1) {
      const id = `call-${turn}-${call}`;
      lines.push(this.call(`${turn}-${call}`, id, next()));
      const content = [{ type: "tool_result", tool_use_id: id, content: OUTPUT.repeat(20), is_error: false }];
      lines.push(this.#record(`r${turn}-${call}`, next(), "user", { role: "user", content }));
    }
    const said = { type: "text", text: `Parcel ${turn} is whole, and nothing else was changed.` };
    lines.push(this.#answer(`${turn}-end`, said, next(), "end_turn"));
    return lines;
  }

  call(name: string, id: string, at: number): string {
    const input = { command: `pnpm test parcels/${name}` };
    return this.#answer(name, { type: "tool_use", id, name: "Bash", input }, at, "tool_use");
  }

  #answer(name: string, block: object, at: number, stop: string): string {
    const usage = {
      input_tokens: 4,
      cache_creation_input_tokens: 300,
      cache_read_input_tokens: 20_000,
      output_tokens: 120,
    };
    const message = { id: `msg-${this.#runId}-${name}`, model: MODEL, role: "assistant", content: [block] };
    return this.#record(`a${name}`, at, "assistant", { ...message, stop_reason: stop, usage });
  }

  #record(uuid: string, at: number, type: string, message: object): string {
    const envelope = { parentUuid: null, isSidechain: false, cwd: this.#cwd, sessionId: this.#runId };
    const timestamp = new Date(at).toISOString();
    return `${JSON.stringify({ ...envelope, version: "2.1.150", type, message, uuid, timestamp })}\n`;
  }
}
