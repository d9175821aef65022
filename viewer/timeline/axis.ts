import { computed, signal, untracked } from "@preact/signals";
import { isTerminal } from "../../src/protocol/status.ts";
import { firstWhere } from "../playback/columns.ts";
import { now } from "../playback/now.ts";
import { extent, indexed, openRun, position } from "../playback/playback.ts";
import { lanesOf, type Mark } from "./marks.ts";
import { type Label, stepLabel, stepSpans, ToolSpans } from "./spans.ts";

/** The axis and what lies on it: all that is recorded, also later than the playhead. */

const MOST_STEP_LANES = 3;
const MOST_TOOL_LANES = 2;

/** The axis's width in pixels, once it is drawn. */
export const width = signal(0);

export interface Lane {
  readonly marks: readonly Mark[];
  readonly labelOf: (index: number) => Label;
}

/** Changes when the axis must not wait for the next tick of the clock: another run, or another state of it. */
const occasion = computed(() => {
  const state = openRun.value;
  const isWhole = indexed.value?.index.trace.isWhole ?? false;
  return state === null ? "" : `${state.manifest.runId} ${state.status} ${String(isWhole)}`;
});

const tools = new ToolSpans();

/** A few times a second: however fast events come, lanes are packed no oftener. */
export const axis = computed(() => {
  void occasion.value;
  const pixels = Math.max(1, width.value);
  // A run that has ended changes no more, but for its last lines: they may come after the word of its end.
  if (isTerminal(openRun.peek()?.status ?? "")) void indexed.value;
  else void now.value;
  return untracked(() => {
    const { edge, ended, start } = extent.value;
    const span = Math.max(edge - start, ended ? 1 : 1000);
    return { start, span, edge, lanes: lanes({ start, msPerPixel: span / pixels, edge, isOver: ended }) };
  });
});

function lanes(scale: Parameters<typeof lanesOf>[2]): Lane[] {
  const known = indexed.value;
  if (known === null) return [];
  const { index, run } = known;
  const { table } = index.trace;
  tools.update(Object.keys(run.sessions).map((id) => index.session(id).table));
  return [
    ...lanesOf(stepSpans(table), MOST_STEP_LANES, scale).map((marks) => ({
      marks,
      labelOf: (mark: number) => stepLabel(table, mark),
    })),
    ...lanesOf(tools, MOST_TOOL_LANES, scale).map((marks) => ({
      marks,
      labelOf: (mark: number) => tools.label(mark),
    })),
  ];
}

/** Up to when nothing is known yet of what happened; null once all of it is. */
export const unreadUntil = computed(() => {
  const trace = indexed.value?.index.trace;
  if (trace === undefined || trace.isWhole) return null;
  return trace.times.at(trace.times.from) ?? trace.table.startOf(0) ?? extent.value.edge;
});

/** Everywhere a mark starts or ends, in order: how many of these lie behind decides what a mark may show. */
const boundaries = computed(() => {
  const times: number[] = [];
  for (const lane of axis.value.lanes)
    for (const { end, isOpen, start } of lane.marks) {
      times.push(start);
      if (!isOpen) times.push(end);
    }
  return Float64Array.from(times).sort();
});

export const passed = computed(() => {
  const times = boundaries.value;
  const at = position.value;
  return firstWhere(times.length, (index) => times[index]! > at);
});
