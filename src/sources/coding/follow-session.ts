import { basename, dirname, join, sep } from "node:path";
import type { SessionEvent } from "../../protocol/bundle.ts";
import { type LogName, sessionLog } from "../../protocol/log-ranges.ts";
import { MAIN_SESSION } from "../../protocol/turn-lines.ts";
import { OutsideRunError } from "../bundle-file.ts";
import type { LineKind, PagedLines } from "../paged-lines.ts";
import type { Draft, Extent, Follower, FollowResult, LogParts, Pulse } from "../source.ts";
import type { TailResult } from "../tail.ts";
import { Turns } from "../turns.ts";
import { CodingDraft } from "./coding-draft.ts";
import type { Look } from "./digests.ts";
import { FollowedFile } from "./followed-file.ts";
import type { AgentFile } from "./format.ts";
import type { SessionParts } from "./glance-session.ts";
import { merged } from "./merged-facts.ts";
import { folderOf } from "./place.ts";
import { sessionLines } from "./session-lines.ts";
import { standingOf } from "./standing.ts";
import { describe, iso } from "./summary.ts";
import { TraceWriter } from "./trace-writer.ts";

/** So much is read for the trace before a session shows; of a larger one slices of this size after it. */
const AT_ONCE_BYTES = 32 * 1024 * 1024;
const SLICE_BYTES = 8 * 1024 * 1024;
/** What time alone changes is looked for if it is this near; else the next sweep finds it. */
const SOON_MS = 60_000;
/** So many names of files that are others' are known. */
const MOST_STRANGERS = 1_000;

/**
 * Follows a session: its main file, and those of its subagents as they appear. What always holds: a state
 * never tells of something in its trace that the sessions' logs do not hold, because facts are read before
 * the logs and told after them; facts of several files that are read at once are told by their times.
 */
export class FollowSession implements Follower {
  readonly parts: LogParts = {
    windowFrom: (log) => this.#log(log)?.windowFrom(),
    range: async (log, from, to) => this.#log(log)?.range(from, to),
    times: async (log) => this.#log(log)?.times(),
    outline: async (log, fromRow) => this.#log(log)?.outline(fromRow),
    find: async (log, ask) => {
      if (log !== "trace") return this.#pages(log)?.find(ask);
      return ask.isWanted() ? this.#out.trace.find(ask.query, ask.before) : undefined;
    },
  };
  readonly #parts: SessionParts;
  readonly #extent: Extent;
  readonly #atOnce: number;
  readonly #out: CodingDraft;
  readonly #writer: TraceWriter;
  readonly #kind: LineKind<SessionEvent>;
  /** By session: the main one first, then the agents as they were found. */
  readonly #files = new Map<string, FollowedFile>();
  readonly #unscanned = new Set<PagedLines<SessionEvent>>();
  /** One log is scanned after the other. */
  readonly #scans = new Turns();
  readonly #strangers = new Set<string>();
  readonly #folders = new Set<string>();
  /** Is the first pass over the files being made in slices? Null: not decided yet. */
  #isSliced: boolean | null = null;
  #told = Number.NEGATIVE_INFINITY;
  #pulse: Pulse = { status: "unknown", silenceMs: null, lastWriteAt: 0 };
  #shifts = 0;
  #settled = 0;
  #isClosed = false;

  /** `atOnce` is AT_ONCE_BYTES, but in tests. */
  constructor(parts: SessionParts, draft: Draft, extent: Extent, atOnce = AT_ONCE_BYTES) {
    const { digests, format, place } = parts;
    this.#parts = parts;
    this.#extent = extent;
    this.#atOnce = atOnce;
    this.#kind = sessionLines(format);
    this.#out = new CodingDraft(draft, extent);
    this.#writer = new TraceWriter({
      priceOf: (model, tokens, at) => digests.priceOf(format.provider, model, tokens, at),
      isOwn: (key) => digests.isOwn(place, key),
      sharedUsage: (key) => digests.sharedUsage(place, key),
    });
    this.#folders.add(parts.file.dir);
  }

  get folders(): readonly string[] {
    return [...this.#folders];
  }

  close(): void {
    this.#isClosed = true;
    for (const file of this.#files.values()) file.close();
  }

  async read(changed: ReadonlySet<string> | "all"): Promise<FollowResult> {
    if (changed !== "all" && ![...changed].some((path) => this.#concerns(path)))
      return { kind: "read", pulse: this.#pulse };
    // Before the files: so what it says of them is never ahead of what is read here.
    const look = await this.#parts.digests.look(this.#parts.place);
    if (look !== null && !this.#isStillTrue(look)) return { kind: "rewritten" };
    if (!this.#files.has(MAIN_SESSION)) this.#follow(MAIN_SESSION, this.#parts.file);
    await this.#findAgents();
    const isFirst = this.#isSliced === null;
    this.#isSliced ??= this.#extent === "tail" && (await this.#size()) > this.#atOnce;

    const reads: TailResult[] = [];
    if (!(isFirst && this.#isSliced)) reads.push(...(await this.#readFacts()));
    for (const file of this.#files.values()) reads.push(await file.readLog());
    if (reads.some(({ kind }) => kind === "rewritten")) return { kind: "rewritten" };
    this.#tellFacts();
    this.#scanOlder();
    const isMore = (isFirst && this.#isSliced) || [...this.#files.values()].some(isPending);
    if (!isMore) {
      this.#isSliced = false;
      this.#settle(look);
    }
    await this.#tellReading();
    const readAgainIn = reads.flatMap((read) => ("readAgainIn" in read ? (read.readAgainIn ?? []) : []));
    if (isMore) readAgainIn.push(1);

    if (look !== null) readAgainIn.push(...this.#stand(look));
    this.#out.settle();
    const again = readAgainIn.length === 0 ? {} : { readAgainIn: Math.min(...readAgainIn) };
    return { kind: "read", pulse: this.#pulse, ...again };
  }

  /** Tells where the session stands; and in how many ms it may stand elsewhere by time alone, if that is soon. */
  #stand(look: Look): number[] {
    const { clock, file, format, signs } = this.#parts;
    const now = clock.now();
    const standing = standingOf(look.digest.state, signs.note(look.modifiedAt), now);
    const { manifest, run } = describe(look, standing, file, format);
    const turn = standing.status === "ended" ? null : this.#writer.openTurn;
    const at = turn === null ? {} : { currentNode: turn.nodeId, currentAttemptId: turn.attemptId };
    this.#out.setManifest(manifest);
    this.#out.setRun({ ...run, ...at });
    this.#out.setProject(look.digest.project);
    this.#out.setLimits(look.digest.limits);
    for (const folder of look.folders) this.#folders.add(folder);
    this.#pulse = standing.pulse;
    const changesIn = (this.#pulse.changesAt ?? Number.POSITIVE_INFINITY) - now;
    return changesIn <= SOON_MS ? [Math.max(1, changesIn)] : [];
  }

  /** While its files are being counted, whose its answers are changes all the time: that is waited for. */
  #isStillTrue({ digest }: Look): boolean {
    const { shifts } = this.#parts.digests;
    if (shifts === this.#shifts || digest.usage === null) return true;
    this.#shifts = shifts;
    return this.#writer.isTrue;
  }

  /** Folders of sessions are full of others'. */
  #concerns(path: string): boolean {
    if (path === "" || this.#folders.has(path)) return true;
    if (path.startsWith(folderOf(this.#parts.file) + sep)) return true;
    if ([...this.#files.values()].some((file) => file.path === path)) return true;
    if (this.#parts.format.isAgentName?.(basename(path)) !== true || this.#strangers.has(path)) return false;
    // It may be an agent's. If it is not, it is looked at once, or again when many others were meanwhile.
    this.#strangers.add(path);
    const [oldest] = this.#strangers;
    if (this.#strangers.size > MOST_STRANGERS && oldest !== undefined) this.#strangers.delete(oldest);
    return true;
  }

  async #findAgents(): Promise<void> {
    for (const agent of await this.#parts.format.agentsOf(this.#parts.file)) {
      if (this.#files.has(agent.id)) continue;
      try {
        this.#follow(agent.id, agent);
      } catch (error) {
        if (!(error instanceof OutsideRunError)) throw error;
        this.#strangers.add(join(agent.dir, agent.name));
      }
    }
  }

  #follow(session: string, file: AgentFile | SessionParts["file"]): void {
    const { clock, format } = this.#parts;
    const followed = new FollowedFile({
      session,
      file,
      dir: this.#parts.file.dir,
      extent: this.#extent,
      format,
      kind: this.#kind,
      among: { logs: () => this.#files.size + 1, turns: this.#scans },
      clock,
      out: this.#out,
    });
    this.#files.set(session, followed);
    this.#folders.add(dirname(followed.path));
    if (followed.pages !== null) this.#unscanned.add(followed.pages);
    if ("id" in file) {
      this.#writer.meet(file);
      this.#out.addSession(session, { name: file.label, ...this.#writer.callOf(session) });
    } else this.#out.addSession(session, null);
  }

  /** All that is new; while the first pass is sliced, one slice of the file that holds up the others. */
  async #readFacts(): Promise<TailResult[]> {
    const files = [...this.#files.values()];
    if (this.#isSliced !== true) {
      const reads: TailResult[] = [];
      for (const file of files) reads.push(await file.readFacts(Number.POSITIVE_INFINITY));
      return reads;
    }
    const [late] = files
      .filter(isPending)
      .toSorted((left, right) => (left.facts.newest < right.facts.newest ? -1 : 1));
    return late === undefined ? [] : [await late.readFacts(SLICE_BYTES)];
  }

  #tellFacts(): void {
    const writer = this.#writer;
    for (const { at, fact, session } of merged([...this.#files.values()].map(({ facts }) => facts))) {
      this.#told = Math.max(this.#told, at);
      // Where no time was told yet there is none to tell.
      const stamp = Number.isFinite(this.#told) ? iso(this.#told) : "";
      for (const line of writer.write(session, fact, stamp)) this.#out.tell(line);
      if (fact.is !== "agent") continue;
      const call = writer.callOf(fact.agent);
      if (call !== null) this.#out.bindTo(fact.agent, call);
    }
  }

  /** What is counted of its answers by what others' files tell of them, once all of its own were told. */
  #settle(look: Look | null): void {
    const { shifts } = this.#parts.digests;
    if (shifts === this.#settled || look === null || look.digest.usage === null) return;
    this.#settled = shifts;
    for (const line of this.#writer.settle(Number.isFinite(this.#told) ? iso(this.#told) : ""))
      this.#out.tell(line);
  }

  async #tellReading(): Promise<void> {
    if (this.#isSliced !== true) return this.#out.setReading(null);
    const done = [...this.#files.values()].reduce((sum, file) => sum + file.done, 0);
    this.#out.setReading({ done, of: Math.max(done, await this.#size()) });
  }

  async #size(): Promise<number> {
    const sizes = await Promise.all([...this.#files.values()].map((file) => file.size()));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  #scanOlder(): void {
    for (const pages of this.#unscanned) {
      if (!pages.isOpen) continue;
      this.#unscanned.delete(pages);
      void this.#scan(pages);
    }
  }

  async #scan(pages: PagedLines<SessionEvent>): Promise<void> {
    await pages.scan();
    if (!this.#isClosed) this.#out.tellProblems();
  }

  #log(name: LogName) {
    return name === "trace" ? this.#out.trace : this.#pages(name);
  }

  #pages(name: LogName): PagedLines<SessionEvent> | undefined {
    for (const file of this.#files.values())
      if (sessionLog(file.session) === name) return file.pages ?? undefined;
    return undefined;
  }
}

function isPending({ facts }: FollowedFile): boolean {
  return facts.isPending;
}
