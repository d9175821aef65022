import { effect, untracked } from "@preact/signals";
import { chooseHere, chosenLine, letGoOfChoice } from "./playback/choice.ts";
import { isEvaluation } from "./playback/evaluation.ts";
import { course, indexed, life, openRunId } from "./playback/playback.ts";
import { stepNamed, testNameOf } from "./steps/test-name.ts";
import { amend, route, type TestName } from "./ui/route.ts";

/** What the address and the choice said when they last said the same. */
interface Agreed {
  readonly life: typeof life.value;
  readonly address: string;
  readonly line: number | null;
}

/**
 * The chosen test and the address say the same. Whichever changed last is right, and
 * where both did, the choice. In another life of the run, as after a restart, lines
 * mean something else: the address names the test still.
 */
export function startFollowingTest(): void {
  let agreed: Agreed | null = null;
  effect(() => {
    const known = indexed.value;
    const line = chosenLine.value;
    const own = life.value;
    const { at, runId, test = null } = route.value;
    if (known === null || own === null || runId !== openRunId.value) return;
    if (!isEvaluation.value) return untracked(() => amend({ test: null }));
    const { isWhole, table } = known.index.trace;
    const agree = (step: number | null) => {
      const name = step === null ? null : testNameOf(table, step);
      agreed = { life: own, address: textOf(name), line: step === null ? null : table.lineOf(step) };
      untracked(() => amend({ test: name }));
    };

    const isSameLife = agreed?.life === own;
    const hasChosen = line !== null && !(isSameLife && agreed?.line === line);
    if (!hasChosen && !(isSameLife && agreed?.address === textOf(test))) {
      const { start } = untracked(() => course.value);
      const step = test === null ? null : stepNamed(table, test, at === null ? Infinity : start + at);
      // It may be in the older part, which has not come yet.
      if (test !== null && step === null && !isWhole) return;
      agree(step);
      untracked(() => (step === null ? letGoOfChoice() : chooseHere(table.lineOf(step))));
      return;
    }
    const step = line === null ? null : table.attemptOfLine(line);
    if (line === null || step !== null) agree(step);
  });
}

function textOf(test: TestName | null): string {
  return test === null ? "" : `${test.attempt ?? ""} ${test.node}`;
}
