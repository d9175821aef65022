import { useEffect } from "preact/hooks";
import type { StepsView } from "../playback/as-of.ts";
import { extent, indexed, isBehind, jumps, view } from "../playback/playback.ts";
import { isMoving } from "../playback/run-clock.ts";
import { usePicture } from "../playback/use-picture.ts";
import { useFollowScroll } from "../ui/follow-scroll.ts";
import { clock, humanise } from "../ui/format.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { memo } from "../ui/memo.ts";
import { UNKNOWN_TURN } from "./entry.ts";
import { EntryView } from "./entry-view.tsx";
import { conversation, holdStill, letGo, showEarlier } from "./shown.ts";
import { isMoreSaid } from "./news.ts";
import type { ShownTurn } from "./turns.ts";
import "./conversation.css";

export function Conversation() {
  const { isLate, isLoading, isPartial, value } = usePicture("conversation", conversation);
  const { box, hasNews, isFollowing, keepPlace, onScroll, toEnd } = useFollowScroll({
    newest: value?.turns ?? NO_TURNS,
    isNews: isMoreSaid,
    isLive: !isBehind.value,
    jumps: jumps.value,
    isLoading,
    lines: ".turn > :not(.turn-label)",
  });
  const current = view.value;
  const first = value?.turns[0];
  const firstKey = `${first?.sessionId ?? ""}/${first?.entries[0]?.line ?? ""}`;
  useEffect(() => {
    if (isFollowing) letGo();
    else if (value !== null && !isLoading) holdStill(value);
  }, [isFollowing, isLoading, firstKey]);
  if (current === null) return null;
  const moving = isMoving(current.status);
  return (
    <div class="follow-frame">
      <div
        class={`conversation ${loadingClass(isLate && !isPartial)}`}
        role="log"
        aria-label="Conversation"
        aria-busy={isLoading}
        tabIndex={0}
        ref={box}
        onScroll={onScroll}
      >
        {value?.hasEarlier === true && !isPartial && (
          <button
            type="button"
            class="button earlier"
            onClick={() => {
              keepPlace();
              showEarlier();
            }}
            disabled={isLoading}
          >
            Show earlier
          </button>
        )}
        {isPartial && isLate && <p class="nothing">Loading what was said before…</p>}
        {value?.turns.length === 0 && <p class="nothing">{emptyText(moving)}</p>}
        {value?.turns.map((turn) => (
          <TurnView
            key={`${turn.sessionId}/${turn.line}`}
            turn={turn}
            label={labelOf(turn, current.steps)}
            answering={moving && turn.isAsked}
          />
        ))}
      </div>
      {isLate && !isPartial && <LoadingNote>Loading the conversation…</LoadingNote>}
      {hasNews && (
        <button type="button" class="button news" onClick={toEnd}>
          New messages ↓
        </button>
      )}
    </div>
  );
}

const NO_TURNS: readonly ShownTurn[] = [];

function emptyText(moving: boolean): string {
  return moving ? "Nothing has been said yet." : "No agent spoke in this run.";
}

/** Whose turn it is; "…" while that may not be known yet. */
function labelOf(turn: ShownTurn, steps: StepsView): string {
  const attempt =
    steps.extent === "none" || turn.line === UNKNOWN_TURN
      ? null
      : (indexed.value?.index.stepOfTurn(turn.sessionId, turn) ?? null);
  if (attempt !== null) return `${humanise(attempt.nodeId)} · attempt ${attempt.number}`;
  return steps.extent === "all" && turn.line !== UNKNOWN_TURN ? turn.sessionId : "…";
}

interface TurnProps {
  readonly turn: ShownTurn;
  readonly label: string;
  readonly answering: boolean;
}

const TurnView = memo<TurnProps>(({ answering, label, turn }) => {
  const { at, entries, isCut, isNewest } = turn;
  return (
    <section class="turn">
      <h2 class="turn-label">
        <span class="clip">
          {label}
          {turn.line !== UNKNOWN_TURN && (
            <>
              {" · "}
              <TurnTime at={at} />
            </>
          )}
        </span>
      </h2>
      {entries.map((entry, index) => {
        const isLast = index === entries.length - 1;
        const isRest = isCut && index === 0;
        return (
          <EntryView
            key={isRest ? "rest" : entry.line}
            entry={entry}
            rest={isRest}
            alive={answering}
            streaming={answering && isLast}
            newest={isNewest && isLast}
          />
        );
      })}
    </section>
  );
});

function TurnTime({ at }: { readonly at: number }) {
  return <span class="num">{clock(at - extent.value.start)}</span>;
}
