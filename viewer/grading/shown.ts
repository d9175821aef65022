import { computed, effect, signal } from "@preact/signals";
import { TESTS_SESSION } from "../../src/protocol/test-lines.ts";
import { sought } from "../conversation/sought.ts";
import { keptPicture } from "../playback/kept-picture.ts";
import type { Picture } from "../playback/picture.ts";
import { indexed, moment } from "../playback/playback.ts";
import { chosenStep } from "../steps/chosen.ts";
import { type GradingView, gradingAt } from "./grading-at.ts";
import { type LooseGradesView, looseGradesAt } from "./loose-grades-at.ts";
import { TalkPictures, type TalkView } from "./talk-pictures.ts";

/** What there is to say of the chosen test as of the playhead. */

const NOTHING = { value: null, isReady: false, parts: [] } as const;

/** Of the conversation so much stands below the grading. */
const FIRST = { entries: 8, lines: 128 } as const;
/** And so much more of it is drawn each time. */
const PORTION = { entries: 100, lines: 512 } as const;
const MOST_PORTIONS = 100;

const chosenIndex = computed(() => chosenStep.value?.index ?? null);

const asked = signal(1);

export const grading = keptPicture((): Picture<GradingView> => {
  const known = indexed.value;
  const step = chosenIndex.value;
  return known === null || step === null ? NOTHING : gradingAt(known.run, known.index, step, moment.value);
});

const firstTalks = new TalkPictures();
export const talkStart = keptPicture((): Picture<TalkView> => {
  const known = indexed.value;
  const step = chosenIndex.value;
  return known === null || step === null
    ? NOTHING
    : firstTalks.at({ ...known, step, at: moment.value, ...FIRST });
});

const talks = new TalkPictures();
export const talk = keptPicture((): Picture<TalkView> => {
  const known = indexed.value;
  const step = chosenIndex.value;
  if (known === null || step === null) return NOTHING;
  const begins = known.index.trace.table.tests.talkBy(step, moment.value)?.[0] ?? 0;
  const portions = Math.max(asked.value, portionsTo(begins));
  const [entries, lines] = [PORTION.entries * portions, PORTION.lines * portions];
  return talks.at({ ...known, step, at: moment.value, entries, lines });
});

/** Who looks for words further on is shown all up to them. */
function portionsTo(from: number): number {
  const wanted = sought.value;
  if (wanted === null || wanted.sessionId !== TESTS_SESSION || wanted.line < from) return 1;
  return Math.min(MOST_PORTIONS, Math.ceil((wanted.line - from + 1) / PORTION.entries));
}

export function showMore(): void {
  asked.value += 1;
}

export const looseGrades = keptPicture((): Picture<LooseGradesView> => {
  const known = indexed.value;
  return known === null ? NOTHING : looseGradesAt(known.run, known.index, moment.value);
});

/** Another test's conversation is read from its beginning. */
export function startGrading(): void {
  effect(() => {
    void chosenIndex.value;
    asked.value = 1;
  });
}
