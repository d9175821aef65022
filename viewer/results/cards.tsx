import type { Tally } from "../../src/protocol/tally.ts";
import { plural, wholeNumber } from "../ui/format.ts";
import { percent } from "../ui/percent.ts";
import "./cards.css";

interface Props {
  /** Null while it is not known. */
  readonly tally: Tally | null;
  /** Of the tests it is compared with; null where it has none. */
  readonly baseline: Tally | null;
  readonly running: number;
  /** Of a rerun: how many tests were begun again. */
  readonly redone: number;
  readonly ended: boolean;
  /** Is there still something to come? */
  readonly isMoving: boolean;
}

/** How the evaluation stands, in four figures. */
export function Cards({ baseline, ended, isMoving, redone, running, tally }: Props) {
  const errors = tally?.errors ?? 0;
  return (
    <dl class="result-cards">
      <Card
        figure={tally === null ? null : tally.passRate === null ? "–" : percent(tally.passRate)}
        words={`${ended ? "pass rate" : "pass rate so far"}${baselineText(baseline)}`}
      />
      <Card figure={figureOf(tally?.passed)} words="passed" tone={tally?.passed === 0 ? "none" : "ok"} />
      <Card
        figure={figureOf(tally?.failed)}
        words={errors === 0 ? "failed" : `failed, ${plural(errors, "error")}`}
        tone={tally === null || tally.failed + errors === 0 ? "none" : "bad"}
      />
      <Rest tally={tally} running={running} redone={redone} isMoving={isMoving} />
    </dl>
  );
}

/** What is still to come, or in the end how many there were. */
function Rest({ isMoving, redone, running, tally }: Omit<Props, "baseline" | "ended">) {
  const left = tally === null ? 0 : tally.total - tally.done;
  const more = [
    ...(running > 0 ? [`${wholeNumber(running)} running`] : []),
    ...(tally !== null && tally.skipped > 0 ? [`${wholeNumber(tally.skipped)} skipped`] : []),
  ];
  const words = (what: string) => [what, ...more].join(", ");
  if (redone > 0) return <Card figure={wholeNumber(redone)} words={words("redone so far")} />;
  if (isMoving) return <Card figure={tally === null ? null : wholeNumber(left)} words={words("to go")} />;
  if (left > 0) return <Card figure={wholeNumber(left)} words={words("without a result")} />;
  return (
    <Card
      figure={figureOf(tally?.total)}
      words={words(tally?.total === 1 ? "test in all" : "tests in all")}
    />
  );
}

function baselineText(baseline: Tally | null): string {
  if (baseline === null) return "";
  const { passed, passRate, total } = baseline;
  return `, baseline ${passRate === null ? "–" : percent(passRate)} (${wholeNumber(passed)} of ${wholeNumber(total)})`;
}

function figureOf(count: number | undefined): string | null {
  return count === undefined ? null : wholeNumber(count);
}

interface CardProps {
  readonly figure: string | null;
  readonly words: string;
  readonly tone?: "ok" | "bad" | "none";
}

function Card({ figure, tone = "none", words }: CardProps) {
  return (
    <div class={`result-card is-${tone}`}>
      <dt>{words}</dt>
      <dd class="num">{figure ?? "…"}</dd>
    </div>
  );
}
