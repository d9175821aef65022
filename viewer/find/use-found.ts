import { computed, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { searchWords } from "../../src/protocol/run-words.ts";
import { isTerminal } from "../../src/protocol/status.ts";
import { useListed } from "../catalog/use-listed.ts";
import type { ListView } from "../catalog/listed-runs.ts";
import { endOf } from "../playback/as-of.ts";
import { isEvaluation } from "../playback/evaluation.ts";
import { course, indexed, openRunId } from "../playback/playback.ts";
import { clock, plural, wholeNumber } from "../ui/format.ts";
import { failedSteps, findSteps } from "./find-steps.ts";
import { type Group, type GroupName, moreOption, runOption, stepOption, textOption } from "./options.ts";
import { hitTest } from "./hit-test.ts";
import type { TextSearch } from "./text-search.ts";
import { queryOf } from "./query-of.ts";
import { isLongEnough, useTextSearch } from "./use-text-search.ts";

/** How many of a group are shown at first, and how many more each time they are asked for. */
const FIRST = { runs: 5, steps: 8 } as const;
const MORE = 20;

interface FoundView {
  readonly groups: readonly Group[];
  /** One sentence that says how it goes. */
  readonly status: string;
  /** Something could not be asked for; it can be asked again. */
  readonly retry: (() => void) | null;
  readonly more: (of: GroupName) => void;
}

/** All that is found of what was typed, group by group. */
export function useFound(typed: string): FoundView {
  const query = queryOf(typed);
  const limits = useSignal<{ readonly runs: number; readonly steps: number }>(FIRST);
  useEffect(() => {
    limits.value = FIRST;
  }, [query, limits]);
  const { listed, view } = useListed();
  useEffect(() => listed.type(query), [listed, query]);
  const search = useTextSearch(query);

  const most = limits.value;
  // What the steps are follows from what the index knows, which is looked at only where it has changed.
  const known = knownSteps.value;
  const steps = useMemo(() => stepGroup(query, most.steps), [known, query, most.steps]);
  const groups = [runGroup(view, query, most.runs), steps, textGroup(search, query)].filter(
    (group) => group !== null,
  );
  return {
    groups,
    status: statusOf(query, view, search, groups),
    retry: retryOf(view.state === "failed" ? () => listed.retry() : null, search),
    more: (of) => {
      if (of === "text") search?.more();
      else limits.value = { ...most, [of]: most[of] + MORE };
      if (of === "runs" && view.runs.length < most.runs + MORE) listed.more();
    },
  };
}

function runGroup(view: ListView, query: string, most: number): Group | null {
  const { gapAfter, runs, total } = view;
  if (query === "") {
    const others = runs.filter(({ runId }) => runId !== openRunId.value);
    const going = others.filter(({ status }) => !isTerminal(status) && status !== "unknown");
    const shown = [...going, ...others.filter((run) => !going.includes(run))].slice(0, FIRST.runs);
    const title = going.length > 0 ? "Runs going on, and recent ones" : "Recent runs";
    return groupOf("runs", title, "", shown.map(runOption));
  }
  const shown = runs.slice(0, most).map(runOption);
  const isMore = runs.length > shown.length || (gapAfter !== null && total > runs.length);
  const options = isMore ? [...shown, moreOption("runs")] : shown;
  return groupOf("runs", "Runs", wholeNumber(total), options);
}

/** What the step tables know; another value when they know more. */
const knownSteps = computed(() => {
  const known = indexed.value;
  if (known === null) return "";
  const { index, run } = known;
  const sessions = Object.keys(run.sessions).map((id) => {
    const { isWhole, table } = index.session(id);
    return `${table.toolCount} ${isWhole}`;
  });
  const { isWhole, table } = index.trace;
  return [run.manifest.runId, run.status, table.knownBy(Number.POSITIVE_INFINITY), isWhole, ...sessions].join(
    "/",
  );
});

function stepGroup(query: string, most: number): Group | null {
  const known = indexed.peek();
  if (known === null) return null;
  const { index, run } = known;
  const endedAt = endOf(run, index);
  if (query === "") {
    const failed = failedSteps(index, FIRST.runs, endedAt);
    return groupOf(
      "steps",
      isEvaluation.peek() ? "Failed tests of this run" : "Failed steps of this run",
      "",
      failed.map(stepOption),
    );
  }
  const sessionIds = Object.keys(run.sessions);
  const { count, isWhole, steps } = findSteps(index, {
    words: searchWords(query),
    sessionIds,
    most,
    endedAt,
  });
  const options = steps.map(stepOption);
  if (count > steps.length) options.push(moreOption("steps"));
  const note = isWhole ? null : "The older part of the run is still being read: there may be more.";
  const hasTools = steps.some(({ is }) => is === "tool");
  const title = isEvaluation.peek() ? (hasTools ? "Tests and tools" : "Tests") : "Steps";
  return groupOf("steps", title, `${wholeNumber(count)}${isWhole ? "" : "+"}`, options, note);
}

function textGroup(search: TextSearch | null, query: string): Group | null {
  if (search === null || query === "") return null;
  const { hits, state } = search;
  const index = indexed.peek()?.index;
  const options = hits.map((hit) =>
    textOption(hit, index === undefined ? null : (hitTest(index, hit)?.test ?? null)),
  );
  const isMore = state === "enough";
  if (isMore) options.push(moreOption("text"));
  return groupOf(
    "text",
    "Text in this run",
    `${wholeNumber(hits.length)}${state === "done" ? "" : "+"}`,
    options,
  );
}

/** A group in which there is nothing is none. */
function groupOf(
  name: GroupName,
  title: string,
  count: string,
  options: Group["options"],
  note: string | null = null,
): Group | null {
  return options.length === 0 && note === null ? null : { name, title, count, options, note };
}

function statusOf(
  query: string,
  view: ListView,
  search: TextSearch | null,
  groups: readonly Group[],
): string {
  if (query === "") return "";
  if (search?.state === "failed") return "The text of this run could not be searched.";
  if (view.state === "failed") return "The older runs could not be searched.";
  if (indexed.peek() !== null && isLongEnough(query)) {
    if (search === null) return "Searching…";
    if (search.state === "searching") {
      const { edge, start } = course.peek();
      const to = Math.min(edge, Math.max(start, search.searchedTo));
      return `Searching… back to ${clock(to - start)}`;
    }
  }
  if (view.state === "asking") return "Searching all runs…";
  if (search === null) return groups.length === 0 ? `Nothing was found for “${query}”.` : "";
  const { hits, state, searchedTo } = search;
  if (state === "done") {
    if (groups.length === 0) return `Nothing was found for “${query}”. The whole run was searched.`;
    const places = hits.length === 0 ? "not in its text" : `${plural(hits.length, "place")} in its text`;
    return `The whole run was searched: ${places}.`;
  }
  return `The run was searched back to ${clock(searchedTo - course.peek().start)}.`;
}

function retryOf(runs: (() => void) | null, search: TextSearch | null): (() => void) | null {
  const text = search?.state === "failed" ? search : null;
  if (runs === null && text === null) return null;
  return () => {
    runs?.();
    text?.more();
  };
}
