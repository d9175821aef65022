import type { StepsView } from "../playback/as-of.ts";
import { CompareButton } from "../compare/compare-button.tsx";
import { TrendButton } from "../compare/trend-button.tsx";
import { course, isBehind, openRun, position, view } from "../playback/playback.ts";
import { isCoding } from "../playback/coding.ts";
import { shownTally } from "../playback/shown-tally.ts";
import { redoneIn } from "../playback/rerun.ts";
import { spent } from "../playback/spent-shown.ts";
import { clock, clockWithin, duration, humanise, money, roughNumber, wholeNumber } from "../ui/format.ts";
import { StatusPill } from "../ui/status-mark.tsx";
import { CopyLink } from "./copy-link.tsx";
import { codingPart } from "../coding/part.ts";
import { flowNameOf, runTitle } from "./title.ts";
import "./header.css";

export function RunHeader() {
  const state = openRun.value;
  const current = view.value;
  if (state === null || current === null) return null;
  const flowName = flowNameOf(state);
  const isEvaluation = state.tally !== undefined;
  const tally = shownTally.value;
  const redone = redoneIn(current, tally);
  const label = state.manifest.label ?? null;
  return (
    <header class={headerClass(isEvaluation)}>
      <h1 class="clip" title={state.manifest.runId}>
        <bdi>{runTitle(state)}</bdi>
      </h1>
      {!isEvaluation && flowName !== "" && flowName !== runTitle(state) && (
        <bdi class="tag flow-name">{flowName}</bdi>
      )}
      <span class="tag">{state.sourceLabel === "" ? state.sourceType : state.sourceLabel}</span>
      {label !== null && <bdi class="tag run-of">{label}</bdi>}
      <StatusPill status={current.status} tally={tally} word={redone > 0 ? "Rerunning" : null} />
      <dl class="facts">
        {redone > 0 && <Fact label="redone" value={wholeNumber(redone)} />}
        {isEvaluation ? <DoneFact /> : <StepsFact {...current.steps} />}
        <TimeFact />
        {!isEvaluation && !isCoding.value && current.currentNode !== null && (
          <Fact label={isBehind.value ? "at" : "now"} words={humanise(current.currentNode)} />
        )}
        {isCoding.value ? <UsedFacts /> : <SpentFacts />}
      </dl>
      <div class="run-acts">
        <TrendButton />
        <CompareButton />
        <CopyLink />
      </div>
    </header>
  );
}

function headerClass(isEvaluation: boolean): string {
  if (isEvaluation) return "run-header of-tests";
  return isCoding.value ? "run-header of-turns" : "run-header";
}

/** Of an evaluation: how many of its tests have a result. */
function DoneFact() {
  const tally = shownTally.value;
  const of = tally === null ? "…" : `${wholeNumber(tally.done)} of ${wholeNumber(tally.total)}`;
  return <Fact label="done" value={of} />;
}

function StepsFact({ count, extent }: StepsView) {
  const one = isCoding.value ? "turn" : "step";
  return <Fact label={count === 1 ? one : `${one}s`} value={extent === "all" ? wholeNumber(count) : "…"} />;
}

function TimeFact() {
  const { edge, ended, start } = course.value;
  if (isBehind.value)
    return (
      <Fact
        label="as of"
        value={clockWithin(position.value - start, ended ? edge - start : Number.POSITIVE_INFINITY)}
      />
    );
  return ended ? (
    <Fact label="took" value={duration(edge - start)} />
  ) : (
    <Fact label="elapsed" value={clock(edge - start)} />
  );
}

function UsedFacts() {
  const part = codingPart.read();
  return part === null ? null : <part.CodingFacts />;
}

/** What the agents told of it. Nothing is reckoned here. */
function SpentFacts() {
  const known = spent.value;
  if (known === null) return null;
  return (
    <>
      {known.tokens !== null && <Fact label="tokens" value={roughNumber(known.tokens)} />}
      {known.costs.map(({ amount, currency }) => (
        <Fact key={currency} label="cost" value={money(amount, currency)} />
      ))}
    </>
  );
}

interface FactProps {
  readonly label: string;
  readonly value?: string;
  readonly words?: string;
}

function Fact({ label, value, words }: FactProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd class={value === undefined ? "clip" : "num"}>{value ?? words}</dd>
    </div>
  );
}
