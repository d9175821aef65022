import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { MOST_SEARCH_CHARS } from "../../src/protocol/portion.ts";
import { runs } from "../live/state.ts";
import { minute } from "../playback/now.ts";
import { plural } from "../ui/format.ts";
import { arranging, chosenWords, groupedBy } from "./arranged.ts";
import { type Place, placeIn, returnTo } from "../ui/kept-place.ts";
import { go, route } from "../ui/route.ts";
import { walkRows } from "../ui/walk-rows.ts";
import { groupRuns, twinsAmong } from "./groups.ts";
import type { ListView } from "./listed-runs.ts";
import { OpenRunRow } from "./open-run-row.tsx";
import { RunRow } from "./run-row.tsx";
import { useListed } from "./use-listed.ts";
import "./run-list.css";

/** The choices beside it are searched for, too. */
const MOST_TYPED = MOST_SEARCH_CHARS - 80;

interface Props {
  /** Called when a run was chosen, wherever that leads. */
  readonly chosen: () => void;
}

export function RunList({ chosen }: Props) {
  const filter = useSignal("");
  const { listed, view } = useListed();
  const openId = route.value.runId;
  const choose = useChoose(chosen);
  const box = useRef<HTMLElement>(null);
  const hasRuns = (runs.value?.total ?? 0) > 0;
  const place = view.runs.findIndex(({ runId }) => runId === openId);
  const isListed = place !== -1;
  const hasRow = isListed && place >= view.from && place < view.to;
  useEffect(() => {
    // The run that a link opened may lie below the fold of the list.
    if (isListed) box.current?.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest" });
  }, [openId, isListed]);
  useEffect(() => (box.current === null ? undefined : walkRows(box.current, ".run-row, .group-head")), []);
  /** While rows are on their way that others will make room for. */
  const kept = useRef<Place | null>(null);
  const keepPlace = () => {
    if (box.current !== null) kept.current = placeIn(box.current, ".run-row");
  };
  useLayoutEffect(() => {
    if (kept.current === null || view.state === "asking") return;
    if (box.current !== null) returnTo(box.current, kept.current);
    kept.current = null;
  });
  const by = groupedBy.value;
  const search = `${filter.value} ${chosenWords.value}`.trim();
  useEffect(() => listed.type(search), [listed, search]);
  const isSearch = search !== "";
  const parts = hasRuns ? arranging.read() : null;
  const isPlain = by === "time";
  const groups = isPlain ? groupRuns(view.runs, view, minute.value) : [];
  const twins = twinsAmong(groups.flatMap((group) => group.runs));
  // The Tab key stops once at the list: at the open run, or else at the first. Arrows lead on.
  const stop = hasRow ? view.runs[place] : groups[0]?.runs[0];
  return (
    <>
      {hasRuns && (
        <input
          type="search"
          class="run-filter"
          placeholder="Filter runs"
          aria-label="Filter runs"
          maxLength={MOST_TYPED}
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value;
          }}
        />
      )}
      {hasRuns && <div class="run-arrange">{parts !== null && <parts.ArrangeBar />}</div>}
      <nav
        class="run-list"
        aria-label="Runs"
        ref={box}
        onScroll={() => {
          if (kept.current !== null) keepPlace();
        }}
      >
        {runs.value !== null && !hasRuns && <p class="no-runs">No runs yet.</p>}
        {isPlain && hasRuns && view.runs.length === 0 && view.state === "idle" && (
          <p class="no-runs">
            No run matches{filter.value.trim() === "" ? " this choice" : ` “${filter.value}”`}.
          </p>
        )}
        {isPlain && hasRuns && !hasRow && !isSearch && <OpenRunRow choose={choose} />}
        {!isPlain && parts !== null && (
          <parts.GroupedRuns by={by} search={search} found={view.runs} openId={openId} choose={choose} />
        )}
        {isPlain && view.from > 0 && (
          <button
            type="button"
            class="button more-runs"
            onClick={() => {
              keepPlace();
              listed.newer();
            }}
          >
            Show newer
          </button>
        )}
        {groups.map((group) => (
          <section key={group.name}>
            <h2>
              {group.name}{" "}
              <span class="num">
                {group.count.toLocaleString("en")}
                {group.isOpen && "+"}
              </span>
            </h2>
            {group.runs.map((run) => (
              <RunRow
                key={run.runId}
                run={run}
                isOpen={run.runId === openId}
                isStop={run === stop}
                isTwin={twins.has(run.runId)}
                choose={choose}
              />
            ))}
          </section>
        ))}
        <p class="run-count" role="status" aria-label="Runs listed">
          {isPlain && hasRuns && countText(view, isSearch)}
        </p>
        {!isPlain ? null : view.state === "failed" ? (
          <button type="button" class="button more-runs" onClick={() => listed.retry()}>
            Try again
          </button>
        ) : (
          (view.to < view.runs.length || (view.gapAfter !== null && view.state === "idle")) && (
            <button
              type="button"
              class="button more-runs"
              onClick={() => {
                keepPlace();
                listed.more();
              }}
            >
              Show more
            </button>
          )
        )}
      </nav>
    </>
  );
}

/** How much of everything is to be seen; nothing where it is all there. */
function countText({ from, state, to, total }: ListView, isSearch: boolean): string {
  if (state === "asking") return isSearch ? "Searching all runs…" : "Reading older runs…";
  if (state === "failed") return "The older runs could not be read.";
  if (isSearch) return total > 0 ? `${plural(total, "run")} found` : "";
  if (from > 0)
    return `${(from + 1).toLocaleString("en")} to ${to.toLocaleString("en")} of ${plural(total, "run")}`;
  return to < total ? `${to.toLocaleString("en")} of ${plural(total, "run")}` : "";
}

/** One function for all rows, so that a row is drawn again only for its run's sake. */
function useChoose(chosen: () => void): (runId: string) => void {
  const latest = useSignal(chosen);
  latest.value = chosen;
  const choose = useSignal((runId: string) => {
    const { tab } = route.peek();
    if (route.peek().runId !== runId) go({ runId, at: null, tab });
    latest.peek()();
  });
  return choose.peek();
}
