import { computed, effect, signal } from "@preact/signals";
import { TESTS_SESSION } from "../../src/protocol/test-lines.ts";
import { type Sought, sought } from "../conversation/sought.ts";
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

const chosenIndex = computed(() => chosenStep.value?.index ?? null);

const asked = signal(1);
/** Somebody who looks for words further on wants to see what stands before them, too. */
const isFromStart = signal(false);

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
    : firstTalks.at({ ...known, step, at: moment.value, around: null, ...FIRST });
});

/** Where the chosen test's words stand, as it is known; null for nowhere. */
const chosenTalk = computed(() => {
  const step = chosenIndex.value;
  return step === null ? null : (indexed.value?.index.trace.table.tests.talkBy(step, moment.value) ?? null);
});

/** What somebody looks for in the chosen test; null where that stands in another, or they look for nothing. */
export const soughtHere = computed((): Sought | null => {
  const wanted = sought.value;
  const lines = chosenTalk.value;
  if (wanted === null || lines === null || wanted.sessionId !== TESTS_SESSION) return null;
  return lines[0] <= wanted.line && wanted.line < lines[1] ? wanted : null;
});

const talks = new TalkPictures();
export const talk = keptPicture((): Picture<TalkView> => {
  const known = indexed.value;
  const step = chosenIndex.value;
  if (known === null || step === null) return NOTHING;
  const wanted = soughtHere.value?.line ?? null;
  const way = wanted === null ? 0 : wanted - (chosenTalk.value?.[0] ?? wanted);
  // No line begins more than one entry.
  const entries = PORTION.entries * asked.value + (isFromStart.value ? way : 0);
  const lines = PORTION.lines * asked.value + way;
  const around = isFromStart.value ? null : wanted;
  return talks.at({ ...known, step, at: moment.value, around, entries, lines });
});

/** From its beginning, and on to what was looked for. */
export function showFromStart(): void {
  isFromStart.value = true;
}

export function showMore(): void {
  asked.value += 1;
}

export const looseGrades = keptPicture((): Picture<LooseGradesView> => {
  const known = indexed.value;
  return known === null ? NOTHING : looseGradesAt(known.run, known.index, moment.value);
});

/** Another test's conversation is read from its beginning, or from where the words stand that were looked for. */
export function startGrading(): void {
  effect(() => {
    void chosenIndex.value;
    void sought.value;
    asked.value = 1;
    isFromStart.value = false;
  });
}
