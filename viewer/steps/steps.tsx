import { computed } from "@preact/signals";
import type { ComponentType } from "preact";
import { useCallback } from "preact/hooks";
import { attemptAt, type StepsView } from "../playback/as-of.ts";
import type { Picture } from "../playback/picture.ts";
import { isBehind, jumps, lag, view } from "../playback/playback.ts";
import { isMoving } from "../playback/run-clock.ts";
import { usePicture } from "../playback/use-picture.ts";
import { wholeNumber } from "../ui/format.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { type RowKey, useVirtualList } from "../ui/use-virtual-list.ts";
import { VirtualRows } from "../ui/virtual-list.tsx";
import { chooseNext, chosenStep } from "./chosen.ts";
import { standingOf } from "./standing.ts";
import type { RowProps } from "./row-props.ts";
import { StepRow } from "./step-row.tsx";
import "./steps.css";

/** A row and the way to the next one; the stylesheet draws it so. */
const ROW_PX = 76;
const ROOM = [16, 12] as const;
/** With room for the way on below the last row. */
const ROOM_TO_GO_ON = [16, 62] as const;

/** How many steps begin after the playhead, as far as that is known: the number alone. */
const laterSteps = computed(() => (isBehind.value ? (lag.value.steps ?? 0) : 0));

const picture = computed(() => pictureOf(view.value?.steps));

interface Words {
  readonly label: string;
  readonly one: string;
  readonly none: string;
  /** There are none yet, but some will come. */
  readonly awaited: string;
}

const STEPS: Words = {
  label: "Steps",
  one: "step",
  none: "No steps yet.",
  awaited: "Waiting for the first step…",
};

interface Props {
  readonly Row?: ComponentType<RowProps>;
  readonly words?: Words;
}

/** The attempts known at the playhead, in the order of their start. Of any number, those in view are drawn. */
export function Steps({ Row = StepRow, words = STEPS }: Props) {
  const current = view.value;
  const { isLate, isLoading, isPartial, value } = usePicture("steps", picture);
  const count = value?.count ?? 0;
  const table = value?.table;
  const shown = chosenStep.value;
  const chosen = shown?.index ?? null;
  const later = laterSteps.value;
  const list = useVirtualList({
    count,
    // The line that an attempt began with stays its own, also when the older part of the table comes in.
    keyOf: useCallback((index: number) => table?.lineOf(index) ?? index, [table]),
    indexOf: useCallback((key: RowKey) => table?.attemptOfLine(Number(key)) ?? null, [table]),
    rowHeight: ROW_PX,
    room: later > 0 ? ROOM_TO_GO_ON : ROOM,
    arrival: String(jumps.value),
    isLoading,
    current: chosen,
    // Where steps overlap, the one that somebody chose may not be the newest.
    wanted: shown?.isChosen === true ? chosen : null,
  });
  const moving = current !== null && isMoving(current.status);
  return (
    <>
      <section
        class={`steps virtual-box ${loadingClass(isLate && !isPartial)}`}
        aria-label={words.label}
        aria-busy={isLoading}
        tabIndex={0}
        ref={list.box}
      >
        {!isLoading && count === 0 && <p class="nothing">{moving ? words.awaited : words.none}</p>}
        {current !== null && value !== null && (
          <VirtualRows
            list={list}
            size={isPartial ? null : count}
            rowClass={(index) => (index === count - 1 ? "step-row last" : "step-row")}
          >
            {(index) => {
              const attempt = attemptAt(value, index);
              return (
                <Row
                  {...attempt}
                  place={index}
                  isChosen={index === chosen}
                  standing={standingOf(attempt, current)}
                />
              );
            }}
          </VirtualRows>
        )}
        {later > 0 && (
          <button
            type="button"
            class="steps-on"
            onClick={(event) => {
              chooseNext();
              // After the last one there is no way on: who moves by keyboard is in the list then.
              if (event.detail === 0 && laterSteps.peek() === 0) list.box.current?.focus();
            }}
          >
            Next {words.one} · {wholeNumber(later)} later
          </button>
        )}
      </section>
      {isLate && <LoadingNote>{`Loading ${isPartial ? "earlier " : ""}${words.one}s…`}</LoadingNote>}
    </>
  );
}

/** At the live edge the newest steps are shown while older ones are awaited. */
function pictureOf(steps: StepsView | undefined): Picture<StepsView> {
  if (steps === undefined || steps.extent === "none") return { value: null, isReady: false, parts: NO_PARTS };
  return { value: steps, isReady: steps.extent === "all", parts: NO_PARTS };
}

const NO_PARTS = [] as const;
