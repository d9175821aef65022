import { batch } from "@preact/signals";
import { chooseHere } from "../playback/choice.ts";
import { course, seekTo } from "../playback/playback.ts";
import { chosenStep } from "../steps/chosen.ts";
import { clockWithin, duration } from "../ui/format.ts";
import type { Facts, Moment } from "./facts.ts";
import { Section } from "./section.tsx";
import "./moments.css";

interface Props {
  /** The line of the trace that the attempt began with. */
  readonly line: number;
  readonly facts: Facts;
}

/** When what was noted, each a way to that moment. */
export function Moments({ facts: { moments, timeoutMs }, line }: Props) {
  return (
    <Section
      title="Times"
      acts={
        timeoutMs !== null && (
          <span class="moments-limit">
            limit <span class="num">{duration(timeoutMs)}</span>
          </span>
        )
      }
    >
      <ol class="moments">
        {moments.map(({ at, what }, index) => (
          <li key={index}>
            <button type="button" title="Go to this moment" onClick={() => goTo(at, line)}>
              <RunTime at={at} />
              <span class="moment-what">{what}</span>
              <span class="moment-after num">{after(moments, index)}</span>
            </button>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Who goes through an attempt's moments stays with that attempt. */
function goTo(at: number, line: number): void {
  batch(() => {
    seekTo(at);
    if (chosenStep.peek()?.attempt.line !== line) chooseHere(line);
  });
}

function RunTime({ at }: { readonly at: number }) {
  return <span class="moment-at num">{clockWithin(at - course.value.start, 0)}</span>;
}

function after(moments: readonly Moment[], index: number): string {
  const before = moments[index - 1];
  const here = moments[index];
  return before === undefined || here === undefined ? "" : `+${duration(here.at - before.at)}`;
}
