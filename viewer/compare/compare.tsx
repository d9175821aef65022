import { beside } from "../live/state.ts";
import { isBehind, openRunId } from "../playback/playback.ts";
import { usePicture } from "../playback/use-picture.ts";
import { plural } from "../ui/format.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { CompareBar } from "./compare-bar.tsx";
import { changeWord } from "./change-mark.tsx";
import { CHANGES, type Comparison } from "./comparison.ts";
import { FigureCards } from "./figure-cards.tsx";
import { CHANGED_BY } from "./pair-columns.ts";
import { PairTable } from "./pair-table.tsx";
import { comparison, filter, setFilter, shownPairs } from "./shown.ts";
import "./compare.css";

/** The open run beside another one of the person's choice: what both came to, and what changed, test by test. */
export function Compare() {
  const { isLate, value } = usePicture("compare", comparison);
  const other = beside.value;
  const rightId = openRunId.value;
  if (rightId === null) return null;
  return (
    <section class={`compare ${loadingClass(isLate)}`} aria-label="Comparison">
      <CompareBar comparison={value} />
      {isBehind.value && (
        <p class="compare-note">Both runs are compared as of their newest moments, not of the playhead.</p>
      )}
      {other.kind === "missing" && (
        <p class="compare-note">
          There is no run <code>{other.runId}</code> in the watched folders. It is compared when it appears.
        </p>
      )}
      {other.kind === "failed" && (
        <p class="compare-note">The other run cannot be shown: {other.message} It is asked for again.</p>
      )}
      {other.kind === "open" && other.failure !== null && (
        <p class="compare-note">
          The other run is shown as it was: {other.failure.message} It is asked for again.
        </p>
      )}
      {value !== null && other.kind === "open" && (
        <>
          <FigureCards comparison={value} />
          <Filter comparison={value} />
          <PairTable
            pairs={shownPairs.value}
            hasTargets={value.hasTargets}
            figures={CHANGED_BY.filter((figure) => value.hasFigure[figure])}
            leftId={other.runId}
            rightId={rightId}
          />
        </>
      )}
      {value === null && isLate && (other.kind === "loading" || other.kind === "open") && (
        <LoadingNote>Reading the tests of both runs…</LoadingNote>
      )}
    </section>
  );
}

function Filter({ comparison: { counts, pairs } }: { readonly comparison: Comparison }) {
  const { changedOnly, text } = filter.value;
  const shown = shownPairs.value.length;
  const told = CHANGES.filter((change) => counts[change] > 0);
  return (
    <div class="compare-filter">
      <input
        type="search"
        placeholder="Filter tests"
        aria-label="Filter tests"
        value={text}
        onInput={(event) => setFilter({ text: event.currentTarget.value })}
      />
      <label class="compare-only">
        <input
          type="checkbox"
          checked={changedOnly}
          onChange={(event) => setFilter({ changedOnly: event.currentTarget.checked })}
        />
        Changed only
      </label>
      <p class="compare-counts" role="status" aria-label="Tests compared">
        {shown < pairs.length && <span>{plural(shown, "test")} shown: </span>}
        {pairs.length === 0
          ? "No tests in either run yet."
          : told.map((change, index) => (
              <span key={change}>
                {index > 0 && " · "}
                <span class="num">{counts[change]}</span> {changeWord(change).toLowerCase()}
              </span>
            ))}
      </p>
    </div>
  );
}
