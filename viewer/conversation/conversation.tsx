import { useEffect, useRef } from "preact/hooks";
import type { StepsView } from "../playback/as-of.ts";
import { course, indexed, isBehind, jumps, view } from "../playback/playback.ts";
import { isMoving } from "../playback/run-clock.ts";
import { shownSession } from "../playback/shown-session.ts";
import { usePicture } from "../playback/use-picture.ts";
import { chooseAt } from "../steps/chosen.ts";
import { isMarkdownSettled } from "../text/markdown.tsx";
import { useFollowScroll } from "../ui/follow-scroll.ts";
import { clock, firstLine, humanise, wholeNumber } from "../ui/format.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { memo } from "../ui/memo.ts";
import { codingPart } from "../coding/part.ts";
import { isCoding } from "../playback/coding.ts";
import { UNKNOWN_TURN } from "./entry.ts";
import { EntryView } from "./entry-view.tsx";
import { conversation, holdStill, letGo, showEarlier } from "./shown.ts";
import { isMoreSaid } from "./news.ts";
import { showWords } from "./show-words.ts";
import { entryOf, type Sought, sought } from "./sought.ts";
import type { ShownTurn } from "./turns.ts";
import "./conversation.css";

/** Of a session with subagents: whose conversation it is. */
function SessionSwitch() {
  const part = codingPart.read();
  return part === null ? null : <part.SessionSwitch />;
}

export function Conversation() {
  return (
    <div class="talk">
      {isCoding.value && <SessionSwitch />}
      <Talk key={shownSession.value ?? ""} />
    </div>
  );
}

function Talk() {
  const { isLate, isLoading, isPartial, value } = usePicture("conversation", conversation);
  const { box, content, hasNews, isFollowing, keepPlace, onScroll, toEnd } = useFollowScroll({
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
  // What is drawn while the moment loads is that of before.
  const wanted = isLoading ? null : sought.value;
  const wantedLine = wanted === null || value === null ? null : entryOf(value.turns, wanted);
  return (
    <div class="follow-frame">
      <div
        class={`conversation ${loadingClass(isLate && !isPartial)}`}
        role="log"
        aria-label="Conversation"
        aria-busy={isLoading || !isMarkdownSettled()}
        tabIndex={0}
        ref={box}
        onScroll={onScroll}
      >
        <div ref={content}>
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
              {...labelOf(turn, current.steps)}
              answering={moving && turn.isAsked}
              sought={turn.sessionId === wanted?.sessionId ? wanted : null}
              soughtLine={turn.sessionId === wanted?.sessionId ? wantedLine : null}
            />
          ))}
        </div>
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

interface Label {
  readonly label: string;
  /** The line of the trace that its attempt began with; null where none is known. */
  readonly step: number | null;
}

/** Whose turn it is; "…" while that may not be known yet. */
function labelOf(turn: ShownTurn, steps: StepsView): Label {
  const attempt =
    steps.extent === "none" || turn.line === UNKNOWN_TURN
      ? null
      : (indexed.value?.index.stepOfTurn(turn.sessionId, turn) ?? null);
  const title = attempt === null ? null : turnTitle(attempt.line);
  if (attempt !== null && title !== null)
    return { label: `${humanise(attempt.nodeId)} · ${firstLine(title)}`, step: attempt.line };
  if (attempt !== null)
    return {
      label: `${humanise(attempt.nodeId)} · attempt ${wholeNumber(attempt.number)}`,
      step: attempt.line,
    };
  const isRead = indexed.value?.index.isRead === true;
  const isKnown = isRead && steps.extent === "all" && turn.line !== UNKNOWN_TURN;
  return { label: isKnown ? turn.sessionId : "…", step: null };
}

/** What the turn is called that began with this line of the trace; null of any other step. */
function turnTitle(line: number): string | null {
  const table = indexed.value?.index.trace.table;
  const step = table?.attemptOfLine(line) ?? null;
  return table === undefined || step === null ? null : table.turnTitle(step);
}

interface TurnProps extends Label {
  readonly turn: ShownTurn;
  readonly answering: boolean;
  readonly sought: Sought | null;
  /** The entry that it stands in, if that is one of this session. */
  readonly soughtLine: number | null;
}

const TurnView = memo<TurnProps>(({ answering, label, sought: wanted, soughtLine, step, turn }) => {
  const { at, entries, isCut, isNewest } = turn;
  const list = useRef<HTMLElement>(null);
  const place = soughtLine === null ? -1 : entries.findIndex(({ line }) => line === soughtLine);
  useEffect(() => {
    // The turn's name stands before its entries.
    const element = place === -1 ? undefined : list.current?.children[place + 1];
    return element === undefined || wanted === null ? undefined : showWords(element, wanted.words);
  }, [wanted, place]);
  const name = (
    <>
      <bdi>{label}</bdi>
      {turn.line !== UNKNOWN_TURN && (
        <>
          {" · "}
          <TurnTime at={at} />
        </>
      )}
    </>
  );
  return (
    <section class="turn" ref={list}>
      <h2 class="turn-label">
        {step === null ? (
          <span class="clip">{name}</span>
        ) : (
          <button type="button" class="clip" title="Go to this moment" onClick={() => chooseAt(step, at)}>
            {name}
          </button>
        )}
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
            isSought={index === place}
          />
        );
      })}
    </section>
  );
});

function TurnTime({ at }: { readonly at: number }) {
  return <span class="num">{clock(at - course.value.start)}</span>;
}
