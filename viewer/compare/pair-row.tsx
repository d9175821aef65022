import type { TestAt } from "./side.ts";
import { formatRoute, isPlainClick } from "../ui/route.ts";
import { ChangeMark } from "./change-mark.tsx";
import { ChangeText } from "./change-text.tsx";
import type { Pair } from "./comparison.ts";
import type { ChangedBy } from "./pair-columns.ts";
import { figureText } from "./figure-words.ts";
import { goToTest } from "./go-to-test.ts";
import { TestMark, testWord } from "./test-mark.tsx";

interface Props {
  readonly pair: Pair;
  readonly leftId: string;
  readonly rightId: string;
  /** Its target is a part of its name. */
  readonly hasTargets: boolean;
  readonly figures: readonly ChangedBy[];
  /** Does the Tab key stop here? */
  readonly isStop: boolean;
}

/** A test of both runs. Its name leads to it in the open run, and what it came to in each run to it there. */
export function PairRow({ figures, hasTargets, isStop, leftId, pair, rightId }: Props) {
  const { change, left, name, right, suite, target } = pair;
  const nameOf = right === null ? leftId : rightId;
  const line = right?.line ?? left?.line ?? 0;
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
        {hasTargets && target !== null && <span class="pair-target"> {target}</span>}
      </span>
      <span role="cell" class="pair-left">
        <SideCell runId={leftId} test={left} of="the other run" isStop={isStop} />
      </span>
      <span role="cell" class="pair-right">
        <SideCell runId={rightId} test={right} of="this run" isStop={isStop} />
      </span>
      <span role="cell" class="pair-score">
        <ChangeText figure="score" by={pair.score} />
      </span>
      {figures.map((figure) => (
        <span key={figure} role="cell" class="pair-by">
          <ChangeText figure={figure} by={pair[figure]} />
        </span>
      ))}
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
        <span class="hidden">not in {of}</span>
      </span>
    );
  }
  const score = figureText("score", test.score);
  return (
    <TestLink
      runId={runId}
      line={test.line}
      isStop={isStop}
      label={`${testWord(test.state)} ${score}: ${test.name} in ${of}`}
    >
      <TestMark state={test.state} />
      <span class="num">{score}</span>
    </TestLink>
  );
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
