import { useState } from "preact/hooks";
import { course } from "../playback/playback.ts";
import { clock, plural, wholeNumber } from "../ui/format.ts";
import { GraderCard } from "./grader-card.tsx";
import type { LooseGradesView } from "./loose-grades-at.ts";
import "./loose-grades.css";

/** Verdicts on some test of the run, nobody knows which: while several run at a time their producer does not say. */
export function LooseGrades({ view: { count, shown } }: { readonly view: LooseGradesView }) {
  const [open, setOpen] = useState(false);
  if (count === 0) return null;
  const failed = shown.filter(({ grader }) => grader.verdict === "fail").length;
  const isCut = shown.length < count;
  return (
    <details class="loose-grades" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {plural(count, "grade")} of tests that were not named
        {!isCut && failed > 0 && `, ${wholeNumber(failed)} failed`}
      </summary>
      {open && (
        <>
          {isCut && <p class="loose-note">The newest {wholeNumber(shown.length)}; the Events tab has all.</p>}
          <ol>
            {shown.map(({ at, grader, line }) => (
              <li key={line}>
                <span class="num">
                  <RunTime at={at} />
                </span>
                <GraderCard grader={grader} />
              </li>
            ))}
          </ol>
        </>
      )}
    </details>
  );
}

function RunTime({ at }: { readonly at: number }) {
  return <>{clock(at - course.value.start)}</>;
}
