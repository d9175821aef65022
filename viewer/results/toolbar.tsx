import { useEffect, useRef } from "preact/hooks";
import { isForPlayer } from "../playback/keys.ts";
import { CsvButton } from "./csv-button.tsx";
import { wholeNumber } from "../ui/format.ts";
import { EVERY_TEST, isNarrowed } from "./filter.ts";
import type { ResultsView } from "./picture.ts";
import { filter, setFilter, toggleState } from "./shown.ts";
import { STATE_WORDS } from "./words.ts";
import "./toolbar.css";

interface Props {
  readonly value: ResultsView | null;
}

/** Which tests are to be seen, by their words and their states. */
export function Toolbar({ value }: Props) {
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
      <CsvButton />
    </div>
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
