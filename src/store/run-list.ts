import type { Clock } from "../clock.ts";
import { HEAD_RUNS, type RunsState, type RunSummary } from "../protocol/bundle.ts";
import type { PatchOp } from "../protocol/patch.ts";
import type { RunGroups } from "../protocol/run-groups.ts";
import type { RunsPortion } from "../protocol/portion.ts";
import { isSame, listOps } from "./list-ops.ts";
import { OrderedRuns } from "./ordered-runs.ts";
import { type GroupsAsk, groupsOf } from "./group-runs.ts";
import { type PortionAsk, portionOf } from "./run-search.ts";
import { runsWire } from "./runs-wire.ts";
import { Topic } from "./topic.ts";
import { type OpenWhole, type RunChange, WholeList } from "./whole-list.ts";

/** The most older runs that the head holds because they are going on. */
const MOST_GOING_ON = 200;

/** A run's line, and whether it is to be in the head however old it is. */
export interface ListedRun {
  readonly summary: RunSummary;
  readonly goesOn: boolean;
}

/**
 * All runs, a line each, newest first, and the topics made of them: the head for
 * everyone, the whole for who asks for it.
 *
 * What always holds: the head's state holds the newest runs and the newest of the
 * older ones that are going on, in order; a change costs the head's size at most.
 */
export class RunList {
  readonly head: Topic<RunsState>;
  readonly #runs = new OrderedRuns();
  /** Those of them that are going on. */
  readonly #going = new OrderedRuns();
  readonly #whole: WholeList;
  readonly #clock: Clock;

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.head = new Topic<RunsState>({
      state: { schema: "acpx.viewer-runs.v2", order: [], runsById: {}, total: 0, trouble: [] },
      wire: runsWire("runreel.live.v1"),
      clock,
      onError,
    });
    this.#whole = new WholeList(this.#runs, clock, onError);
  }

  /** All of them; it changes with the list. */
  get all(): readonly RunSummary[] {
    return this.#runs.all;
  }

  find(id: string): RunSummary | undefined {
    return this.#runs.get(id);
  }

  /** Undefined: there is no run to go on after. */
  portion(ask: PortionAsk): RunsPortion | undefined {
    return portionOf(this.#runs, ask, this.#clock.now());
  }

  groups(ask: GroupsAsk): RunGroups {
    return groupsOf(this.#runs.all, ask, this.#clock.now());
  }

  openWhole(): OpenWhole {
    return this.#whole.open();
  }

  /** Of a run that is put twice at once the last word counts. */
  put(listed: readonly ListedRun[]): void {
    const latest = new Map(listed.map((each) => [each.summary.runId, each]));
    const news = [...latest.values()].filter((each) => this.#isNews(each));
    if (news.length === 0) return;
    const changes = news.map(({ summary, goesOn }): RunChange => {
      if (goesOn) this.#going.put(summary);
      else this.#going.remove(summary.runId);
      return { id: summary.runId, after: summary, ...this.#runs.put(summary) };
    });
    this.#show(changes);
  }

  remove(ids: readonly string[]): void {
    const changes = ids.map((id): RunChange => {
      this.#going.remove(id);
      return { id, after: undefined, ...this.#runs.remove(id) };
    });
    this.#show(changes);
  }

  /** Why changes may be noticed late, in words. */
  setTrouble(trouble: readonly string[]): void {
    if (isSame(trouble, this.head.state.trouble)) return;
    this.head.apply([{ op: "replace", path: "/trouble", value: trouble }]);
  }

  close(): void {
    this.head.close();
    this.#whole.close();
  }

  /** Runs are looked at far oftener than they change. */
  #isNews({ goesOn, summary }: ListedRun): boolean {
    const known = this.#runs.get(summary.runId);
    return (
      known === undefined ||
      goesOn !== (this.#going.get(summary.runId) !== undefined) ||
      !isSameLine(known, summary)
    );
  }

  #show(changes: readonly RunChange[]): void {
    this.#whole.changed(changes);
    const ops: PatchOp[] = listOps(this.head.state, headOf(this.#runs, this.#going));
    const total = this.#runs.size;
    if (total !== this.head.state.total) ops.push({ op: "replace", path: "/total", value: total });
    if (ops.length > 0) this.head.apply(ops);
  }
}

function isSameLine(left: RunSummary, right: RunSummary): boolean {
  const known = new Map<string, unknown>(Object.entries(left));
  const entries = Object.entries(right);
  return entries.length === known.size && entries.every(([key, value]) => isSame(known.get(key), value));
}

function headOf(runs: OrderedRuns, going: OrderedRuns): RunSummary[] {
  const newest = runs.all.slice(0, HEAD_RUNS);
  const last = newest.at(-1);
  if (last === undefined || runs.size <= HEAD_RUNS) return newest;
  // The last of the newest may itself be going on.
  const place = going.placeOf(last);
  const from = going.all[place]?.runId === last.runId ? place + 1 : place;
  return [...newest, ...going.all.slice(from, from + MOST_GOING_ON)];
}
