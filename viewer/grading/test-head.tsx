import type { ComponentChildren } from "preact";
import { chooseHere, letGoOfChoice } from "../playback/choice.ts";
import { position } from "../playback/playback.ts";
import type { Standing } from "../steps/standing.ts";
import { clock, duration, money, wholeNumber } from "../ui/format.ts";
import type { GradingView } from "./grading-at.ts";
import { hasScore, stateWord } from "./score.ts";
import { tookOf } from "./took.ts";
import { VerdictPill } from "./verdict-pill.tsx";
import "./test-head.css";

interface Props {
  readonly view: GradingView;
  readonly standing: Standing;
  /** Somebody chose this test, and another would be shown without that. */
  readonly isElsewhere: boolean;
}

/** Which test it is, how it came out, and what it took. */
export function TestHead({ isElsewhere, standing, view }: Props) {
  const { attempt, attempts, category, result, state, test } = view;
  const number = attempts.findIndex(({ line }) => line === attempt.line) + 1;
  const took = tookOf(view);
  const { costUsd, tokens } = result ?? {};
  const score = result?.score ?? null;
  return (
    <header class="test-head">
      <div class="test-title">
        <h2 title={attempt.nodeId}>{test.name}</h2>
        <VerdictPill state={state} standing={standing} score={score} threshold={result?.threshold ?? null} />
      </div>
      <ul class="test-line" aria-label="About this test">
        {state !== null && hasScore(state, score) && <li class="test-word">{stateWord(state)}</li>}
        <Item value={test.suite} />
        <Item value={test.target} />
        <Item value={category} />
        {attempts.length > 1 && (
          <li>
            attempt {number} of {attempts.length}
          </li>
        )}
        {took !== null && <Figure>{duration(took)}</Figure>}
        {state === null && standing === "running" && (
          <li>
            for <Since at={test.since ?? attempt.startedAt} />
          </li>
        )}
        {tokens != null && (
          <li>
            <span class="num">{wholeNumber(tokens)}</span> tokens
          </li>
        )}
        {costUsd != null && <Figure>{money(costUsd, "USD")}</Figure>}
        {result?.cached === true && <li>not run: an earlier result stands for it</li>}
      </ul>
      {(attempts.length > 1 || isElsewhere) && (
        <nav class="test-others" aria-label="Other attempts">
          {attempts.length > 1 && (
            <>
              <OtherButton line={attempts[number - 2]?.line ?? null} words="← Earlier attempt" />
              <OtherButton line={attempts[number]?.line ?? null} words="Later attempt →" />
            </>
          )}
          {isElsewhere && (
            <button type="button" class="button" onClick={letGoOfChoice}>
              Follow the run
            </button>
          )}
        </nav>
      )}
    </header>
  );
}

function Item({ value }: { readonly value: string | null }) {
  return value === null || value === "" ? null : <li>{value}</li>;
}

function Figure({ children }: { readonly children: ComponentChildren }) {
  return (
    <li>
      <span class="num">{children}</span>
    </li>
  );
}

/** Where there is none the button stays: who pressed it is still on it. */
function OtherButton({ line, words }: { readonly line: number | null; readonly words: string }) {
  return (
    <button
      type="button"
      class="button clip"
      aria-disabled={line === null}
      onClick={() => {
        if (line !== null) chooseHere(line);
      }}
    >
      {words}
    </button>
  );
}

function Since({ at }: { readonly at: number }) {
  return (
    <span class="num" aria-live="off">
      {clock(position.value - at)}
    </span>
  );
}
