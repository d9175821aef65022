import type { TestAt } from "../playback/tests-at.ts";
import { formatRoute, isPlainClick } from "../ui/route.ts";
import { OutcomeGlyph, outcomeWord } from "../ui/status-mark.tsx";
import { ChangeMark } from "./change-mark.tsx";
import { ChangeText } from "./change-text.tsx";
import type { Pair } from "./comparison.ts";
import { figureText } from "./figure-words.ts";
import { goToTest } from "./go-to-test.ts";

interface Props {
  readonly pair: Pair;
  readonly leftId: string;
  readonly rightId: string;
  /** Does the Tab key stop here? */
  readonly isStop: boolean;
}

/** A test of both runs. Its name leads to it in the open run, and what it came to in each run to it there. */
export function PairRow({ isStop, leftId, pair, rightId }: Props) {
  const { change, left, name, right, suite } = pair;
  const nameOf = right === null ? leftId : rightId;
  const line = right?.line ?? left?.line ?? 0;
  const targets = [...new Set([left?.target, right?.target])].filter((target) => target != null);
  return (
    <>
      <span role="cell" class="pair-change">
        <ChangeMark change={change} />
      </span>
      <span role="cell" class="pair-name clip">
        <TestLink runId={nameOf} line={line} isStop={isStop} label={null}>
          <span class="pair-test">{name}</span>
        </TestLink>
        {suite !== null && <span class="pair-suite"> {suite}</span>}
        {targets.length > 0 && <span class="pair-target"> {targets.join(" → ")}</span>}
      </span>
      <span role="cell" class="pair-left">
        <SideCell runId={leftId} test={left} of="other run" isStop={isStop} />
      </span>
      <span role="cell" class="pair-right">
        <SideCell runId={rightId} test={right} of="this run" isStop={isStop} />
      </span>
      <span role="cell" class="pair-score">
        <ChangeText figure="score" by={pair.score} />
      </span>
      <span role="cell" class="pair-by">
        <ChangeText figure="durationMs" by={pair.durationMs} />
      </span>
      <span role="cell" class="pair-by">
        <ChangeText figure="tokens" by={pair.tokens} />
      </span>
      <span role="cell" class="pair-by">
        <ChangeText figure="costUsd" by={pair.costUsd} />
      </span>
    </>
  );
}

interface SideProps {
  readonly runId: string;
  readonly test: TestAt | null;
  readonly of: string;
  readonly isStop: boolean;
}

function SideCell({ isStop, of, runId, test }: SideProps) {
  if (test === null) {
    return (
      <span class="pair-none">
        <span aria-hidden="true">–</span>
        <span class="hidden">not in the {of}</span>
      </span>
    );
  }
  const outcome = outcomeOf(test);
  const score = figureText("score", test.score);
  return (
    <TestLink
      runId={runId}
      line={test.line}
      isStop={isStop}
      label={`${outcomeWord(outcome)} ${score}: ${test.name} in the ${of}`}
    >
      <OutcomeGlyph outcome={outcome} />
      <span class="num">{score}</span>
    </TestLink>
  );
}

/** As the steps call it. */
function outcomeOf({ state }: TestAt): string | null {
  switch (state) {
    case "running":
      return null;
    case "passed":
      return "ok";
    default:
      return state;
  }
}

interface LinkProps {
  readonly runId: string;
  readonly line: number;
  readonly isStop: boolean;
  readonly label: string | null;
  readonly children: preact.ComponentChildren;
}

function TestLink({ children, isStop, label, line, runId }: LinkProps) {
  return (
    <a
      class="pair-link"
      href={formatRoute({ runId, at: null, tab: null })}
      tabIndex={isStop ? 0 : -1}
      aria-label={label ?? undefined}
      onClick={(event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        goToTest(runId, line);
      }}
    >
      {children}
    </a>
  );
}
