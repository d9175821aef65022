import { computed, signal, untracked } from "@preact/signals";
import type { RunState } from "../../src/protocol/bundle.ts";
import type { Spell } from "../../src/protocol/quiet.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { isCodingRun } from "../playback/coding.ts";
import { firstWhere } from "../playback/columns.ts";
import { errorTimes } from "../playback/errors.ts";
import type { SessionSign } from "../playback/mark-table.ts";
import { now } from "../playback/now.ts";
import { course, indexed, openRun, position, quietSpells } from "../playback/playback.ts";
import { type RunIndex, startOf } from "../playback/run-index.ts";
import type { StepTable } from "../playback/step-table.ts";
import type { TestAttempt } from "../playback/test-table.ts";
import { codingLanes } from "./coding-lanes.ts";
import { type Mark, marksOf } from "./marks.ts";
import { mostAtOnce, pack, packAsKnown, type PackedLane, type Spans } from "./packing.ts";
import { type AxisView, Scale, WHOLE } from "./scale.ts";
import { type Label, stepLabel, stepSpans, ToolSpans } from "./spans.ts";
import { tellsNoTimes, testAttempt, testLabel, testSpans } from "./test-spans.ts";

/** The axis and what lies on it: all that is recorded, also later than the playhead. */

const MOST_STEP_LANES = 3;
const MOST_TOOL_LANES = 3;
/** Beyond that lanes would be too thin to be pressed. */
const MOST_TEST_LANES = 24;
/** So many tests may well run at once. */
const LIKELY_TEST_LANES = 3;

/** The axis's width in pixels, once it is drawn. */
export const width = signal(0);
/** Which part of the run is looked at, and whether it goes along with the live edge. */
export const sight = signal<{ readonly view: AxisView; readonly isAtEdge: boolean }>({
  view: WHOLE,
  isAtEdge: false,
});
export const isFolded = signal(false);

export interface RecordedLane {
  readonly packed: PackedLane;
  readonly spans: Spans;
  /** As it was known at a moment; without one, the newest. */
  readonly labelOf: (index: number, at?: number) => Label;
  /** Of a test: what was known of it at a moment. */
  readonly testOf?: (index: number, at: number) => TestAttempt | null;
}

export interface Lane extends RecordedLane {
  readonly marks: readonly Mark[];
}

/** Changes when the axis must not wait for the next tick of the clock: another run, or another state of it. */
const occasion = computed(() => {
  const state = openRun.value;
  const isWhole = indexed.value?.index.trace.isWhole ?? false;
  return state === null ? "" : `${state.manifest.runId} ${state.status} ${String(isWhole)}`;
});

const tools = new ToolSpans();
const NO_FOLDS: readonly Spell[] = [];

interface Recorded extends Packed {
  readonly start: number;
  readonly edge: number;
  readonly end: number;
  readonly isOver: boolean;
  readonly isWaiting: boolean;
  /** An evaluation of which nobody noted when its tests ran. */
  readonly isTimeless: boolean;
  readonly spells: readonly Spell[];
}

let before: Recorded | null = null;

/**
 * A few times a second: however fast events come, lanes are packed no oftener, nor because one
 * looks elsewhere. While nothing comes it stays the same until its end is to be seen elsewhere.
 */
export const recorded = computed((): Recorded => {
  void occasion.value;
  // A run that has ended changes no more, but for its last lines: they may come after the word of its end.
  if (isTerminal(openRun.peek()?.status ?? "")) void indexed.value;
  else void now.value;
  return untracked(() => {
    const { edge, ended, start } = course.value;
    const current = packed(indexed.value);
    const next = {
      start,
      edge,
      end: start + Math.max(edge - start, ended ? 1 : 1000),
      isOver: ended,
      isWaiting: openRun.value?.status === "waiting",
      ...current,
      isTimeless: ended && current.tests !== null && tellsNoTimes(current.tests, start, edge),
      spells: quietSpells.value,
    };
    if (before === null || !looksLike(before, next)) before = next;
    return before;
  });
});

const LEAST_MOVE_PX = 0.5;

function looksLike(old: Recorded, next: Recorded): boolean {
  if (old.lanes !== next.lanes || old.start !== next.start || old.end > next.end) return false;
  if (old.isOver !== next.isOver || old.isWaiting !== next.isWaiting || next.isOver) return false;
  const folds = isFolded.value ? next.spells : NO_FOLDS;
  const { perPixel } = new Scale({ ...next, folds, width: width.value, view: sight.value.view });
  return next.end - old.end < LEAST_MOVE_PX * perPixel;
}

interface Packed {
  /** Those of steps first. */
  readonly lanes: readonly RecordedLane[];
  readonly stepLanes: number;
  /** How many more tests ran at once than there are lanes. */
  readonly beyondLanes: number;
  /** Null where the run is no evaluation. */
  readonly tests: Spans | null;
  readonly errors: Float64Array;
  /** Of a coding session: what was marked in it. */
  readonly signs: readonly SessionSign[];
}

const NOTHING: Packed = {
  lanes: [],
  stepLanes: 0,
  beyondLanes: 0,
  tests: null,
  errors: new Float64Array(),
  signs: [],
};
/** What was packed last, and how much of which run was known then. */
let last: { readonly of: RunIndex; readonly known: string; readonly packed: Packed } | null = null;

function packed(current: typeof indexed.value): Packed {
  if (current === null) return NOTHING;
  const { index, run } = current;
  const known = `${index.known} ${run.status} ${run.run.finishedAt ?? ""}`;
  if (last?.of === index && last.known === known) return last.packed;
  const { lanes, stepLanes } = lanesOf(run, index);
  const [first] = lanes;
  const tests = index.isEvaluation ? (first?.spans ?? null) : null;
  const beyondLanes =
    tests !== null && lanes.length === MOST_TEST_LANES ? Math.max(0, mostAtOnce(tests) - MOST_TEST_LANES) : 0;
  const packed = {
    lanes,
    stepLanes,
    beyondLanes,
    tests,
    errors: errorTimes(run, index),
    signs: index.trace.table.marks.all,
  };
  last = { of: index, known, packed };
  return packed;
}

function lanesOf(run: RunState, index: RunIndex): Pick<Packed, "lanes" | "stepLanes"> {
  if (isCodingRun(run, index)) return codingLanes(index);
  const lanes = packedLanes(run, index);
  return { lanes, stepLanes: lanes.filter(({ spans }) => spans !== tools).length };
}

function packedLanes(run: RunState, index: RunIndex): RecordedLane[] {
  const { table } = index.trace;
  if (index.isEvaluation) return testLanes(table, startOf(run, index));
  tools.update(Object.keys(run.sessions).map((id) => index.session(id).table));
  const steps = stepSpans(table);
  const stepLabelOf = (step: number) => stepLabel(table, step);
  const toolLabelOf = (call: number, at?: number) => tools.label(call, at);
  return [
    ...pack(steps, MOST_STEP_LANES).map((packed) => ({ packed, spans: steps, labelOf: stepLabelOf })),
    ...pack(tools, MOST_TOOL_LANES).map((packed) => ({ packed, spans: tools, labelOf: toolLabelOf })),
  ];
}

function testLanes(table: StepTable, start: number): RecordedLane[] {
  const spans = testSpans(table, start);
  const labelOf = (step: number, at?: number) => testLabel(table, step, at);
  const testOf = (step: number, at: number) => testAttempt(table, step, at);
  return packAsKnown(spans, MOST_TEST_LANES).map((packed) => ({ packed, spans, labelOf, testOf }));
}

/** So wide is the wait of a run for a person: no time passes in it, but it is to be seen. */
const WAIT_PX = 84;
const MOST_WAIT = 0.3;

const wholeAxis = computed(() => {
  const { end, isWaiting, spells, start } = recorded.value;
  const folds = isFolded.value ? spells : NO_FOLDS;
  const share = Math.min(MOST_WAIT, WAIT_PX / Math.max(1, width.value));
  const room = isWaiting ? ((end - start) * share) / (1 - share) : 0;
  return { start, end: end + room, folds, width: width.value, view: WHOLE };
});

/** What the scale is made of. */
export const axis = computed(() => ({ ...wholeAxis.value, view: sight.value.view }));

/** All of the run, whatever is in sight. */
export const wholeScale = computed(() => new Scale(wholeAxis.value));

export const scale = computed(() => new Scale(axis.value));

export const lanes = computed((): Lane[] => {
  const { edge, isOver, lanes: all } = recorded.value;
  const seen = scale.value;
  const part = {
    from: seen.from,
    to: seen.to,
    edge,
    isOver,
    pixelOf: (time: number) => seen.pixelOf(time),
    timeOfPixel: (pixel: number) => seen.timeOfPixel(pixel),
  };
  return all.map((lane) => ({ ...lane, marks: marksOf(lane.packed, lane.spans, part) }));
});

/** Lanes to be expected of an evaluation, by the number of its tests: the page does not move when they come. */
export const evaluationLanes = computed(() => Math.min(LIKELY_TEST_LANES, openRun.value?.tally?.total ?? 0));

/** What of the run is not read yet, and up to when: of steps all that happened, or the tool calls and their failures alone. */
interface Unread {
  readonly what: "all" | "tools";
  readonly until: number;
}

/** Null once all of it is. */
export const unread = computed((): Unread | null => {
  const index = indexed.value?.index;
  if (index === undefined || index.isTimed) return null;
  const { trace } = index;
  const { edge } = course.value;
  if (!trace.isWhole) {
    const until = trace.times.at(trace.times.from) ?? trace.table.startOf(0) ?? edge;
    return { what: "all", until };
  }
  const open = [...index.timedSessions()].filter((session) => !session.isWhole);
  const until = Math.max(...open.map(({ times }) => times.at(times.from) ?? edge));
  return { what: "tools", until };
});

/** Everywhere a mark starts or ends, or something failed, in order: how many of these lie behind decides what a mark may show. */
const boundaries = computed(() => {
  const times = Array.from(recorded.value.errors);
  for (const lane of lanes.value)
    for (const { end, isOpen, known, start } of lane.marks) {
      times.push(start);
      if (known > start && known !== end) times.push(known);
      if (!isOpen) times.push(end);
    }
  return Float64Array.from(times).sort();
});

export const passed = computed(() => {
  const times = boundaries.value;
  const at = position.value;
  return firstWhere(times.length, (index) => times[index]! > at);
});
