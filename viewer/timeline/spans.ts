import type { SessionTable } from "../playback/session-table.ts";
import type { TestState } from "../../src/protocol/tally.ts";
import { humanise } from "../ui/format.ts";
import type { Spans } from "./packing.ts";
import type { StepTable } from "../playback/step-table.ts";

/** How a span is drawn. */
export interface Label {
  readonly kind: SpanKind;
  readonly text: string;
  /** Which attempt at its node; a tool call has none but the first. */
  readonly attempt: number;
}

export type SpanKind =
  | "acp"
  | "action"
  | "compute"
  | "checkpoint"
  | "turn-bar"
  | "agent-bar"
  | "tool"
  | "unanswered"
  | "running"
  | "untold"
  | TestState;

export function isFailure(outcome: string | null): boolean {
  return outcome !== null && outcome !== "ok" && outcome !== "skipped" && outcome !== "untold";
}

export function stepSpans(table: StepTable): Spans {
  return { ...table.spans, count: table.count, isFailed: (index) => table.isFailed(index) };
}

export function stepLabel(table: StepTable, index: number): Label {
  const { nodeId, nodeType, number } = table.name(index);
  const title = table.turnTitle(index);
  if (title !== null) return { kind: "turn-bar", text: `${nodeId.replace(/^\D+/, "")} ${title}`, attempt: 1 };
  return { kind: kindOf(nodeType), text: nameOf(nodeId), attempt: number };
}

/** A flow has a few nodes, and each of thousands of marks names one. */
const names = new Map<string, string>();
const MOST_NAMES = 1000;

function nameOf(nodeId: string): string {
  const known = names.get(nodeId);
  if (known !== undefined) return known;
  if (names.size >= MOST_NAMES) names.clear();
  const name = humanise(nodeId);
  names.set(nodeId, name);
  return name;
}

/** Of a call of one of the sessions, by when it began. */
export type LastEnd = (session: number, start: number) => number;

/**
 * The tool calls of all sessions in the order of their start. The order is
 * carried on while calls come in at its end; of the same moment, the earlier
 * session's is first.
 */
export class ToolSpans implements Spans {
  #sessions: readonly SessionTable[] = [];
  #counts: number[] = [];
  #count = 0;
  #of = new Uint32Array(64);
  #places = new Uint32Array(64);
  #starts = new Float64Array(64);
  #ends = new Float64Array(64);

  get count(): number {
    return this.#count;
  }

  get starts(): Float64Array {
    return this.#starts;
  }

  get ends(): Float64Array {
    return this.#ends;
  }

  readonly isFailed = (index: number): boolean =>
    this.#sessions[this.#of[index]!]?.isToolFailed(this.#places[index]!) ?? false;

  /** As it was known at a moment; without one, or before it began, the newest. */
  label(index: number, at = Number.POSITIVE_INFINITY): Label {
    const session = this.#sessions[this.#of[index]!];
    const place = this.#places[index]!;
    const isCut = this.#isCut(index) && !(at >= this.#starts[index]! && at < this.#ends[index]!);
    return { kind: isCut ? "unanswered" : "tool", text: session?.toolLabel(place, at) ?? "", attempt: 1 };
  }

  /** Was it left without a result? */
  #isCut(index: number): boolean {
    const ends = this.#sessions[this.#of[index]!]?.toolSpans.ends;
    return (
      this.#ends[index]! < Number.POSITIVE_INFINITY &&
      ends?.[this.#places[index]!] === Number.POSITIVE_INFINITY
    );
  }

  /** `lastEnd`: when a call without a result was over at the latest, by what it was part of; Infinity while it may go on. */
  update(sessions: readonly SessionTable[], lastEnd: LastEnd = () => Number.POSITIVE_INFINITY): void {
    const isSame =
      sessions.length === this.#sessions.length &&
      sessions.every((table, index) => table === this.#sessions[index]);
    this.#sessions = sessions;
    if (!isSame) this.#clear();
    if (!this.#merge()) {
      // A call came in that began before others that stand here already.
      this.#clear();
      this.#merge();
    }
    const ends = sessions.map((table) => table.toolSpans.ends);
    for (let index = 0; index < this.#count; index += 1) {
      const session = this.#of[index]!;
      const end = ends[session]![this.#places[index]!]!;
      this.#ends[index] = end === Number.POSITIVE_INFINITY ? lastEnd(session, this.#starts[index]!) : end;
    }
  }

  #clear(): void {
    this.#counts = this.#sessions.map(() => 0);
    this.#count = 0;
  }

  /** False: what is new does not come at the end. */
  #merge(): boolean {
    const open = this.#sessions.map((table, index) => ({
      index,
      starts: table.toolSpans.starts,
      count: table.toolCount,
    }));
    this.#counts.length = open.length;
    for (;;) {
      let next = -1;
      let time = Number.POSITIVE_INFINITY;
      for (const { count, index, starts } of open) {
        const place = this.#counts[index] ?? 0;
        if (place < count && starts[place]! < time) {
          next = index;
          time = starts[place]!;
        }
      }
      if (next === -1) return true;
      const last = this.#count - 1;
      const isLater =
        last < 0 || time > this.#starts[last]! || (time === this.#starts[last]! && next >= this.#of[last]!);
      if (!isLater) return false;
      this.#reserve();
      this.#of[this.#count] = next;
      this.#places[this.#count] = this.#counts[next] ?? 0;
      this.#starts[this.#count] = time;
      this.#count += 1;
      this.#counts[next] = (this.#counts[next] ?? 0) + 1;
    }
  }

  #reserve(): void {
    if (this.#count < this.#of.length) return;
    const length = this.#of.length * 2;
    this.#of = grown(this.#of, new Uint32Array(length));
    this.#places = grown(this.#places, new Uint32Array(length));
    this.#starts = grown(this.#starts, new Float64Array(length));
    this.#ends = grown(this.#ends, new Float64Array(length));
  }
}

function grown<Block extends Uint32Array | Float64Array>(from: Block, to: Block): Block {
  to.set(from);
  return to;
}

function kindOf(nodeType: string): SpanKind {
  switch (nodeType) {
    case "acp":
    case "action":
    case "compute":
    case "checkpoint":
      return nodeType;
    default:
      return "compute";
  }
}
