import { computed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { attemptAt, type StepsView } from "../playback/as-of.ts";
import type { Picture } from "../playback/picture.ts";
import { extent, isBehind, jumps, position, view } from "../playback/playback.ts";
import { isMoving } from "../playback/run-clock.ts";
import { usePicture } from "../playback/use-picture.ts";
import { isFailure } from "../timeline/spans.ts";
import type { Attempt } from "../timeline/step-table.ts";
import { clock, duration, firstLine, humanise } from "../ui/format.ts";
import { useFollowScroll } from "../ui/follow-scroll.ts";
import { loadingClass } from "../ui/loading.tsx";
import { memo } from "../ui/memo.ts";
import { OutcomeGlyph, outcomeWord, StatusGlyph } from "../ui/status-mark.tsx";
import { chooseLine } from "./chosen.ts";
import "./steps.css";

const PORTION = 200;
/** However long a reader stays, no more rows are kept for what they have before them. */
const MOST_HELD = 2000;

const picture = computed(() => pictureOf(view.value?.steps));

/** The attempts known at the playhead, in the order of their start. */
export function Steps() {
  const limit = useSignal(PORTION);
  useSignalEffect(() => {
    void jumps.value;
    limit.value = PORTION;
  });
  const current = view.value;
  const { isLate, isLoading, isPartial, value } = usePicture("steps", picture);
  const { box, content, isFollowing, keepPlace, onScroll } = useFollowScroll({
    newest: value?.count,
    isNews: (before, after) => before !== after,
    isLive: !isBehind.value,
    jumps: jumps.value,
    isLoading,
    lines: "li",
  });
  const begun = useRef({ jumps: -1, count: 0, from: 0 });
  if (current === null) return null;
  const count = value?.count ?? 0;
  const wanted = Math.max(0, count - limit.value);
  if (begun.current.jumps !== jumps.value && !isLoading)
    begun.current = { jumps: jumps.value, count, from: wanted };
  // What comes in below takes no row from a reader who is further up.
  const held = Math.max(begun.current.from, count - MOST_HELD);
  const from = isFollowing ? wanted : Math.min(wanted, held);
  begun.current.from = from;
  const moving = isMoving(current.status);
  return (
    <section
      class={`steps ${loadingClass(isLate && !isPartial)}`}
      aria-label="Steps"
      aria-busy={isLoading}
      tabIndex={0}
      ref={box}
      onScroll={onScroll}
    >
      {from > 0 && !isPartial && (
        <button
          type="button"
          class="button earlier"
          onClick={() => {
            keepPlace();
            limit.value += PORTION;
          }}
        >
          Show earlier
        </button>
      )}
      {isLate && <p class="nothing">{isPartial ? "Loading earlier steps…" : "Loading steps…"}</p>}
      {!isLoading && count === 0 && (
        <p class="nothing">{moving ? "Waiting for the first step…" : "No steps yet."}</p>
      )}
      <ol ref={content}>
        {value !== null &&
          Array.from({ length: count - from }, (_, offset) => {
            const attempt = attemptAt(value, from + offset);
            const isLast = from + offset === count - 1;
            const waits = isLast && current.status === "waiting" && attempt.nodeId === current.currentNode;
            return (
              <StepRow
                key={rowKey(from + offset, begun.current.count)}
                {...attempt}
                isLast={isLast}
                standing={waits ? "waiting" : standingOf(attempt, moving)}
              />
            );
          })}
      </ol>
    </section>
  );
}

/** At the live edge the newest steps are shown while older ones are awaited. */
function pictureOf(steps: StepsView | undefined): Picture<StepsView> {
  if (steps === undefined || steps.extent === "none") return { value: null, isReady: false, parts: NO_PARTS };
  return { value: steps, isReady: steps.extent === "all", parts: NO_PARTS };
}

const NO_PARTS = [] as const;

/**
 * At another moment a row's place is taken by the one a portion further on: most
 * of it can stay. Until then every step keeps its row, whatever comes in below or
 * is asked for above. `count`: how many steps there were when somebody went there.
 */
function rowKey(index: number, count: number): number {
  const portion = Math.floor((count - 1 - index) / PORTION);
  return portion * PORTION + (index % PORTION);
}

/** How a step stands as of the playhead. One that nobody finished, in a run that no longer moves, is unfinished. */
type Standing = "running" | "unfinished" | "waiting" | "failed" | "done";

function standingOf(attempt: Attempt, moving: boolean): Standing {
  if (attempt.finishedAt === null) return moving ? "running" : "unfinished";
  return isFailure(attempt.outcome) ? "failed" : "done";
}

interface RowProps extends Attempt {
  readonly isLast: boolean;
  readonly standing: Standing;
}

/** Given its figures rather than an object: a row is drawn again only when one of them changes. */
const StepRow = memo<RowProps>(({ isLast, standing, ...attempt }) => {
  const detail = attempt.error ?? (standing === "running" ? attempt.statusDetail : null);
  return (
    <li class={standing}>
      <button
        type="button"
        class={`step kind-${attempt.nodeType}`}
        aria-current={isLast ? "step" : undefined}
        onClick={() => chooseLine(attempt.line)}
      >
        <StandingGlyph attempt={attempt} standing={standing} />
        <span class="step-name clip">{humanise(attempt.nodeId)}</span>
        <span class="step-time num">
          {attempt.finishedAt === null ? (
            <StepElapsed since={attempt.startedAt} />
          ) : (
            duration(attempt.finishedAt - attempt.startedAt)
          )}
        </span>
        <span class="step-kind">
          {kindWord(attempt.nodeType)}
          {attempt.number > 1 && ` · attempt ${attempt.number}`}
          {" · "}
          {wordOf(attempt, standing)}
          {" · "}
          <StepStart at={attempt.startedAt} />
        </span>
        {detail !== null && (
          <span class={standing === "failed" ? "step-detail bad" : "step-detail"}>{firstLine(detail)}</span>
        )}
      </button>
    </li>
  );
});

function StandingGlyph({ attempt, standing }: { readonly attempt: Attempt; readonly standing: Standing }) {
  if (standing === "waiting") return <StatusGlyph status="waiting" />;
  return <OutcomeGlyph outcome={standing === "unfinished" ? "unfinished" : attempt.outcome} />;
}

function wordOf(attempt: Attempt, standing: Standing): string {
  if (standing === "waiting") return "waiting for someone";
  return standing === "unfinished" ? "not finished" : outcomeWord(attempt.outcome).toLowerCase();
}

function StepElapsed({ since }: { readonly since: number }) {
  return <>{clock(position.value - since)}</>;
}

function StepStart({ at }: { readonly at: number }) {
  return <>at {clock(at - extent.value.start)}</>;
}

function kindWord(nodeType: string): string {
  return nodeType === "acp" ? "agent" : nodeType;
}
