import { Fragment } from "preact";
import type { RunView } from "../playback/as-of.ts";
import { fieldsOf, textOf } from "../playback/unknown.ts";
import { codingPart } from "../coding/part.ts";
import { standingOf } from "../steps/standing.ts";
import { AttemptHead } from "./attempt-head.tsx";
import type { DetailsView } from "./details-at.ts";
import type { Output } from "./facts.ts";
import { Failure } from "./failure.tsx";
import { Moments } from "./moments.tsx";
import { Receipt } from "./receipt.tsx";
import { Section } from "./section.tsx";
import { SessionSection } from "./session-section.tsx";
import { OutputSection, Prompt, ReplySection } from "./texts.tsx";

interface Props {
  readonly runId: string;
  readonly view: DetailsView;
  readonly current: RunView;
  readonly isElsewhere: boolean;
}

/** One attempt: first what went wrong, then what was asked and what came of it. */
export function AttemptDetails({ current, isElsewhere, runId, view: shown }: Props) {
  const { attempt, facts, isCut } = shown;
  const standing = standingOf(attempt, current);
  const isTurn = attempt.nodeType === "turn";
  const error = facts.error ?? attempt.error;
  // Nobody wrote down how it ended; all there is to say is why the run did.
  const runError = attempt.outcome === "interrupted" ? (facts.runError ?? current.error) : null;
  return (
    <>
      {error !== null && <Failure key={`error ${attempt.line}`} title="Error" error={error} />}
      {error === null && runError !== null && (
        <Failure key={`error ${attempt.line}`} title="The run ended during this step" error={runError} />
      )}
      <AttemptHead view={shown} standing={standing} isElsewhere={isElsewhere} />
      <Fragment key={attempt.line}>
        {isTurn && <OfTurn />}
        {standing === "waiting" && !isTurn && <Waiting output={facts.output} detail={current.statusDetail} />}
        {isCut && (
          <p class="details-note">
            This step has very many events. What was noted in its middle is not read here; the Events tab has
            all.
          </p>
        )}
        {facts.prompt !== null && <Prompt runId={runId} artifact={facts.prompt} />}
        {facts.reply !== null && <ReplySection runId={runId} artifact={facts.reply} />}
        <OutputSection runId={runId} output={facts.output} />
        {facts.action !== null && (
          <Receipt runId={runId} action={facts.action} isRunning={standing === "running"} />
        )}
        {facts.sessionId !== null && !isTurn && <SessionSection id={facts.sessionId} />}
        {facts.moments.length > 0 && <Moments line={attempt.line} facts={facts} />}
      </Fragment>
    </>
  );
}

function OfTurn() {
  const part = codingPart.read();
  return part === null ? null : <part.TurnSections />;
}

interface WaitingProps {
  readonly output: Output;
  readonly detail: string | null;
}

function Waiting({ detail, output }: WaitingProps) {
  const summary = output.is === "inline" ? textOf(fieldsOf(output.value)["summary"]) : null;
  return (
    <Section title="Waiting for you" tone="wait">
      <p class="details-summary">{summary ?? detail ?? "The flow goes on once somebody has decided."}</p>
    </Section>
  );
}
