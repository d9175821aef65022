import type { RunSummary } from "../../src/protocol/bundle.ts";
import type { OutlineTest } from "../../src/protocol/outline.ts";
import type { SaidKind } from "../../src/protocol/said.ts";
import { kindOf, summaryTitle } from "../../src/protocol/run-words.ts";
import { isEvaluation } from "../playback/evaluation.ts";
import { course, position } from "../playback/playback.ts";
import { clockWithin, dayOrTime, humanise, wholeNumber } from "../ui/format.ts";
import { OutcomeGlyph, outcomeWord, standingLook, StatusGlyph } from "../ui/status-mark.tsx";
import { kindWord } from "../ui/kind-word.ts";
import type { FoundStep } from "./find-steps.ts";
import { laterWords } from "./later.ts";
import type { GroupName, Option } from "./options.ts";
import type { TextHit } from "./text-search.ts";

interface Props {
  readonly id: string;
  readonly option: Option;
  readonly isActive: boolean;
  readonly choose: (option: Option) => void;
  /** A pointer is on it. */
  readonly point: () => void;
}

/** The focus stays in the field, which says which option is the active one. */
export function OptionView({ choose, id, isActive, option, point }: Props) {
  return (
    <button
      type="button"
      class={`find-option find-${option.is}`}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      onMouseDown={(event) => event.preventDefault()}
      onMouseMove={() => {
        if (!isActive) point();
      }}
      onClick={() => choose(option)}
    >
      <OptionBody option={option} />
    </button>
  );
}

function OptionBody({ option }: { readonly option: Option }) {
  switch (option.is) {
    case "run":
      return <RunBody run={option.run} />;
    case "step":
      return <StepBody step={option.step} />;
    case "text":
      return <TextBody hit={option.hit} test={option.test} />;
    case "more":
      return (
        <span class="find-link">
          {option.of === "steps" && isEvaluation.peek() ? "More tests…" : MORE[option.of]}
        </span>
      );
  }
}

const MORE: Readonly<Record<GroupName, string>> = {
  runs: "More runs…",
  steps: "More steps…",
  text: "Search further back…",
};

function RunBody({ run }: { readonly run: RunSummary }) {
  return (
    <>
      <StatusGlyph status={run.status} tally={run.tally} />
      <span class="find-name clip">{summaryTitle(run)}</span>
      <span class="find-about clip">
        {kindOf(run.source)} · {standingLook(run).word.toLowerCase()}
      </span>
      <span class="find-time num">{dayOrTime(Date.parse(run.startedAt), Date.now())}</span>
    </>
  );
}

function StepBody({ step }: { readonly step: FoundStep }) {
  if (step.is === "tool") {
    const outcome = step.isFailed ? "failed" : step.endedAt === null ? null : "ok";
    return (
      <>
        <OutcomeGlyph outcome={outcome} />
        <span class="find-name clip">{step.label}</span>
        <span class="find-about clip">
          {[step.toolKind, "tool", step.test?.name].filter(Boolean).join(" · ")}
        </span>
        <Moment at={step.startedAt} endedAt={step.endedAt} />
      </>
    );
  }
  const { finishedAt, nodeId, nodeType, number, outcome, startedAt } = step.attempt;
  const about = [
    ...(step.test === null ? [kindWord(nodeType)] : ["test", step.test.target ?? []].flat()),
    ...(number > 1 ? [`attempt ${wholeNumber(number)}`] : []),
    nodeType === "test" && outcome === "ok" ? "passed" : outcomeWord(outcome).toLowerCase(),
  ];
  return (
    <>
      <OutcomeGlyph outcome={outcome} />
      <span class="find-name clip">{step.test?.name ?? step.turn ?? humanise(nodeId)}</span>
      <span class="find-about clip">{about.join(" · ")}</span>
      <Moment at={startedAt} endedAt={finishedAt} />
    </>
  );
}

const WHO: Readonly<Record<SaidKind, string>> = {
  user: "prompt",
  agent: "agent",
  thought: "thought",
  tool: "tool",
  plan: "plan",
  notice: "Notice",
  error: "error",
  step: "step",
  test: "test",
  grader: "grader",
};

interface TextProps {
  readonly hit: TextHit;
  readonly test: OutlineTest | null;
}

function TextBody({ hit, test }: TextProps) {
  const [from, to] = hit.match;
  const who = test !== null && hit.kind === "agent" ? "answer" : WHO[hit.kind];
  return (
    <>
      <span class={hit.kind === "error" ? "tag find-who find-bad" : "tag find-who"}>{who}</span>
      <span class="find-said">
        {test !== null && <b class="find-test">{[test.name, test.target].filter(Boolean).join(" · ")}</b>}
        {hit.text.slice(0, from)}
        <mark>{hit.text.slice(from, to)}</mark>
        {hit.text.slice(to)}
      </span>
      <Moment at={hit.at} endedAt={null} />
    </>
  );
}

interface MomentProps {
  readonly at: number;
  readonly endedAt: number | null;
}

/** When it was, as the timeline counts. What lies after the playhead is told as such. */
function Moment({ at, endedAt }: MomentProps) {
  const { edge, start } = course.peek();
  const later = laterWords(at, endedAt, position.peek());
  return (
    <span class="find-time num">
      {later !== "" && <span class="find-later">{later} </span>}
      {clockWithin(at - start, edge - start)}
    </span>
  );
}
