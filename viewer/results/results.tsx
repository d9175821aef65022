import { useRef } from "preact/hooks";
import { view } from "../playback/playback.ts";
import { shownTally } from "../playback/shown-tally.ts";
import { usePicture } from "../playback/use-picture.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { isNarrow } from "../ui/narrow.ts";
import { Cards } from "./cards.tsx";
import { layoutFor } from "./columns.ts";
import { EVERY_TEST, isNarrowed } from "./filter.ts";
import { filter, results, setFilter } from "./shown.ts";
import { ResultTable } from "./table.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useWidth } from "./use-width.ts";
import "./results.css";

const NOTHING_TO_TELL = { suites: false, targets: false, tokens: false, cost: false, earlier: false };

/** How an evaluation's tests have come out, as of the playhead. */
export function Results() {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const { isLate, isLoading, isPartial, value } = usePicture("results", results);
  const current = view.value;
  const tally = shownTally.value;
  if (current === null) return null;
  const running = value?.counts.get("running") ?? 0;
  const toCome = tally === null || value === null || isPartial ? 0 : Math.max(0, tally.total - value.begun);
  const { ended } = current;
  const layout = layoutFor(width, value?.has ?? NOTHING_TO_TELL);
  const top = (
    <>
      <Cards tally={tally} running={running} ended={ended} />
      <Toolbar value={value} />
    </>
  );
  return (
    <section class={layout.isTight ? "results tight" : "results"} aria-label="Results" aria-busy={isLoading}>
      {!isNarrow.value && top}
      <div class={`result-box ${loadingClass(isLate && !isPartial)}`} ref={box} key={String(isNarrow.value)}>
        {/* On a narrow page all of it is scrolled: the rows need the height. */}
        {isNarrow.value && top}
        {value !== null && width > 0 && (
          <ResultTable box={box} value={value} layout={layout} toCome={toCome} ended={ended} />
        )}
        {value !== null &&
          value.rows.length === 0 &&
          !isLoading &&
          (toCome === 0 || isNarrowed(filter.value)) && <Nothing begun={value.begun} ended={ended} />}
      </div>
      {isLate && <LoadingNote>{isPartial ? "Loading earlier tests…" : "Loading tests…"}</LoadingNote>}
    </section>
  );
}

function Nothing({ begun, ended }: { readonly begun: number; readonly ended: boolean }) {
  if (begun > 0 && isNarrowed(filter.value))
    return (
      <p class="nothing">
        No test matches.{" "}
        <button type="button" class="quiet-button" onClick={() => setFilter(EVERY_TEST)}>
          Show all
        </button>
      </p>
    );
  return <p class="nothing">{ended ? "No tests yet." : "Waiting for the first test…"}</p>;
}
