import { course, position } from "../playback/playback.ts";
import { chooseHere, letGoOfChoice } from "../playback/choice.ts";
import type { Standing } from "../steps/standing.ts";
import type { Attempt } from "../playback/step-table.ts";
import { clock, duration, humanise } from "../ui/format.ts";
import { OutcomeGlyph, outcomeWord, StatusGlyph } from "../ui/status-mark.tsx";
import { kindWord } from "../ui/kind-word.ts";
import type { DetailsView } from "./details-at.ts";
import "./attempt-head.css";

interface Props {
  readonly view: DetailsView;
  readonly standing: Standing;
  /** Somebody chose this attempt, and the playhead would show another. */
  readonly isElsewhere: boolean;
}

/** Which attempt it is, how it stands, and the ways to others. */
export function AttemptHead({ isElsewhere, standing, view }: Props) {
  const { attempt, beside, next, previous } = view;
  return (
    <header class="attempt-head">
      <div class="attempt-title">
        <h2 class="clip" title={attempt.nodeId}>
          {humanise(attempt.nodeId)}
        </h2>
        {isElsewhere && (
          <button type="button" class="button" onClick={letGoOfChoice}>
            Follow the playhead
          </button>
        )}
      </div>
      <p class="attempt-line">
        <span class="attempt-glyph" aria-hidden="true">
          <StandingGlyph attempt={attempt} standing={standing} />
        </span>
        <b>{wordOf(attempt, standing)}</b>
        {attempt.nodeType !== "turn" && (
          <>
            <span>{kindWord(attempt.nodeType)}</span>
            <span>attempt {attempt.number}</span>
          </>
        )}
        <span>
          at <StartOf at={attempt.startedAt} />
        </span>
        {standing !== "waiting" && (
          <span>
            <TimeOf attempt={attempt} standing={standing} />
          </span>
        )}
      </p>
      {standing === "running" && attempt.statusDetail !== null && (
        <p class="attempt-doing">{attempt.statusDetail}</p>
      )}
      {(previous !== null || next !== null || beside.length > 0) && (
        <nav class="attempt-others" aria-label="Other attempts">
          {(previous !== null || next !== null) && (
            <>
              <OtherButton attempt={previous} words="← Earlier attempt" />
              <OtherButton attempt={next} words="Later attempt →" />
            </>
          )}
          {beside.length > 0 && <span class="attempt-beside">Running too:</span>}
          {beside.map((other) => (
            <OtherButton key={other.line} attempt={other} words={nameOf(other)} />
          ))}
        </nav>
      )}
    </header>
  );
}

/** Where there is none the button stays: who pressed it is still on it. */
function OtherButton({ attempt, words }: { readonly attempt: Attempt | null; readonly words: string }) {
  return (
    <button
      type="button"
      class="button clip"
      aria-disabled={attempt === null}
      onClick={() => {
        if (attempt !== null) chooseHere(attempt.line);
      }}
    >
      {words}
    </button>
  );
}

function nameOf({ nodeId, number }: Attempt): string {
  return number === 1 ? humanise(nodeId) : `${humanise(nodeId)} ${number}`;
}

interface StandingProps {
  readonly attempt: Attempt;
  readonly standing: Standing;
}

function StandingGlyph({ attempt, standing }: StandingProps) {
  switch (standing) {
    case "waiting":
      return <StatusGlyph status="waiting" />;
    case "unfinished":
      return <OutcomeGlyph outcome="unfinished" />;
    case "running":
    case "failed":
    case "done":
      return <OutcomeGlyph outcome={attempt.outcome} />;
  }
}

function wordOf(attempt: Attempt, standing: Standing): string {
  switch (standing) {
    case "waiting":
      return "Waiting for you";
    case "unfinished":
      return "Not finished";
    case "running":
    case "failed":
    case "done":
      return outcomeWord(attempt.outcome);
  }
}

function StartOf({ at }: { readonly at: number }) {
  return <span class="num">{clock(at - course.value.start)}</span>;
}

function TimeOf({ attempt, standing }: StandingProps) {
  if (attempt.finishedAt !== null)
    return (
      <>
        took <span class="num">{duration(attempt.finishedAt - attempt.startedAt)}</span>
      </>
    );
  return (
    <>
      {standing === "running" ? "for " : "since "}
      <span class="num">{clock(position.value - attempt.startedAt)}</span>
    </>
  );
}
