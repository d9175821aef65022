import { useEffect, useRef } from "preact/hooks";
import { isForPlayer } from "../playback/keys.ts";
import { CsvButton } from "./csv-button.tsx";
import { wholeNumber } from "../ui/format.ts";
import type { Layout } from "./columns.ts";
import { EVERY_TEST, isNarrowed } from "./filter.ts";
import { goToRow } from "./go-to-row.ts";
import type { ResultsView } from "./picture.ts";
import { allColumns, filter, setFilter, toggleColumns, toggleState } from "./shown.ts";
import type { Column } from "./order.ts";
import { COLUMN_WORDS, STATE_WORDS } from "./words.ts";
import "./toolbar.css";

interface Props {
  readonly value: ResultsView | null;
  readonly layout: Layout;
}

/** Which tests are to be seen, by their words and their states. */
export function Toolbar({ layout, value }: Props) {
  const chosen = filter.value;
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || !isForPlayer(event)) return;
      event.preventDefault();
      search.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const states = STATE_WORDS.filter(
    ([state]) => chosen.states.has(state) || (value?.counts.get(state) ?? 0) > 0,
  );
  return (
    <div class="result-tools">
      <input
        type="search"
        ref={search}
        placeholder="Filter tests"
        aria-label="Filter tests"
        aria-keyshortcuts="/"
        value={chosen.text}
        onInput={(event) => setFilter({ ...chosen, text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === "Escape") setFilter({ ...chosen, text: "" });
          if (event.key !== "ArrowDown" && event.key !== "Enter") return;
          event.preventDefault();
          goToRow("first");
        }}
      />
      <div class="result-states" role="group" aria-label="States that are shown">
        <Chip
          word="All"
          count={value?.begun ?? null}
          isOn={chosen.states.size === 0}
          press={() => setFilter({ ...chosen, states: EVERY_TEST.states })}
        />
        {states.map(([state, word]) => (
          <Chip
            key={state}
            word={word}
            count={value?.counts.get(state) ?? 0}
            isOn={chosen.states.has(state)}
            press={() => toggleState(state)}
          />
        ))}
        {(value?.has.earlier === true || chosen.allAttempts) && (
          <Chip
            word="Earlier attempts"
            count={null}
            isOn={chosen.allAttempts}
            press={() => setFilter({ ...chosen, allAttempts: !chosen.allAttempts })}
          />
        )}
      </div>
      {isNarrowed(chosen) && value !== null && (
        <span class="hidden" role="status">
          {wholeNumber(value.rows.length)} shown
        </span>
      )}
      <div class="result-acts">
        <ColumnsButton left={layout.left} />
        <CsvButton />
      </div>
    </div>
  );
}

/** Columns that there is no room for are told, and come where they are asked for. */
function ColumnsButton({ left }: { readonly left: readonly Column[] }) {
  if (left.length === 0) return null;
  const isOn = allColumns.value;
  const names = left.map((column) => COLUMN_WORDS[column]).join(", ");
  return (
    <button
      type="button"
      class="button columns-button"
      aria-pressed={isOn}
      title={isOn ? `Leave out ${names}` : `Show ${names} too, with sideways scrolling`}
      onClick={toggleColumns}
    >
      {isOn ? "−" : "+"}
      {left.length}
      <span> {left.length === 1 ? "column" : "columns"}</span>
      <i class="hidden">: {names}</i>
    </button>
  );
}

interface ChipProps {
  readonly word: string;
  readonly count: number | null;
  readonly isOn: boolean;
  readonly press: () => void;
}

function Chip({ count, isOn, press, word }: ChipProps) {
  return (
    <button type="button" class="result-chip" aria-pressed={isOn} onClick={press}>
      {word} {count !== null && <span class="num">{wholeNumber(count)}</span>}
    </button>
  );
}
