import { useRef } from "preact/hooks";
import { view } from "../playback/playback.ts";
import { redoneIn } from "../playback/rerun.ts";
import { isMoving } from "../playback/run-clock.ts";
import { shownBaseline, shownTally } from "../playback/shown-tally.ts";
import { usePicture } from "../playback/use-picture.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { isNarrow } from "../ui/narrow.ts";
import { Cards } from "./cards.tsx";
import { layoutFor } from "./columns.ts";
import { EVERY_TEST, isNarrowed } from "./filter.ts";
import type { ResultsHave } from "./picture.ts";
import { allColumns, filter, results, setFilter } from "./shown.ts";
import { ResultTable } from "./table.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useWidth } from "./use-width.ts";
import "./results.css";

const NOTHING_TO_TELL: ResultsHave = {
  suites: false,
  targets: false,
  tokens: false,
  cost: false,
  longest: { test: 0, suite: 0, target: 0 },
  earlier: false,
};

/** How an evaluation's tests have come out, as of the playhead. */
export function Results() {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const { isLate, isLoading, isPartial, value } = usePicture("results", results);
  const current = view.value;
  const tally = shownTally.value;
  if (current === null) return null;
  const running = value?.counts.get("running") ?? 0;
  const toCome = tally === null || value === null || isPartial ? 0 : Math.max(0, tally.total - value.counted);
  const { ended, status } = current;
  const moves = isMoving(status);
  const layout = layoutFor(width, value?.has ?? NOTHING_TO_TELL, allColumns.value);
  const top = (
    <>
      <Cards
        tally={tally}
        baseline={shownBaseline.value}
        redone={redoneIn(current, tally)}
        running={running}
        ended={ended}
        isMoving={moves}
      />
      <Toolbar value={value} layout={layout} />
    </>
  );
  return (
    <section class={layout.isTight ? "results tight" : "results"} aria-label="Results" aria-busy={isLoading}>
      {!isNarrow.value && top}
      <div class={`result-box ${loadingClass(isLate && !isPartial)}`} ref={box} key={String(isNarrow.value)}>
        <div style={{ minWidth: layout.minWidth === 0 ? "" : `${layout.minWidth}px` }}>
          {/* On a narrow page all of it is scrolled: the rows need the height. */}
          {isNarrow.value && (
            <div class="result-top" style={{ width: `${width}px` }}>
              {top}
            </div>
          )}
          {value !== null && width > 0 && (
            <ResultTable box={box} value={value} layout={layout} toCome={toCome} isMoving={moves} />
          )}
          {value !== null &&
            value.rows.length === 0 &&
            !isLoading &&
            (toCome === 0 || isNarrowed(filter.value)) && <Nothing begun={value.begun} isMoving={moves} />}
        </div>
      </div>
      {isLate && <LoadingNote>{isPartial ? "Loading earlier tests…" : "Loading tests…"}</LoadingNote>}
    </section>
  );
}

function Nothing({ begun, isMoving: moves }: { readonly begun: number; readonly isMoving: boolean }) {
  if (begun > 0 && isNarrowed(filter.value))
    return (
      <p class="nothing">
        No test matches.{" "}
        <button type="button" class="quiet-button" onClick={() => setFilter(EVERY_TEST)}>
          Show all
        </button>
      </p>
    );
  return <p class="nothing">{moves ? "Waiting for the first test…" : "No tests yet."}</p>;
}
