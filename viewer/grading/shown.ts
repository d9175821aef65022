import { computed } from "@preact/signals";
import type { RunState } from "../../src/protocol/bundle.ts";
import { keptPicture } from "../playback/kept-picture.ts";
import type { Picture } from "../playback/picture.ts";
import { indexed, moment } from "../playback/playback.ts";
import type { RunIndex } from "../playback/run-index.ts";
import { chosenStep } from "../steps/chosen.ts";
import { type GradingView, gradingAt } from "./grading-at.ts";
import { type LooseGradesView, looseGradesAt } from "./loose-grades-at.ts";
import { type TalkStart, talkStartAt } from "./talk-start.ts";

/** What there is to say of the chosen test as of the playhead. */

const NOTHING = { value: null, isReady: false, parts: [] } as const;

const chosenIndex = computed(() => chosenStep.value?.index ?? null);

type Draw<Value> = (run: RunState, index: RunIndex, step: number, at: number) => Picture<Value>;

function ofChosen<Value>(draw: Draw<Value>): () => Picture<Value> {
  return () => {
    const known = indexed.value;
    const step = chosenIndex.value;
    return known === null || step === null ? NOTHING : draw(known.run, known.index, step, moment.value);
  };
}

export const grading = keptPicture(ofChosen<GradingView>(gradingAt));

export const talkStart = keptPicture(ofChosen<TalkStart>(talkStartAt));

export const looseGrades = keptPicture((): Picture<LooseGradesView> => {
  const known = indexed.value;
  return known === null ? NOTHING : looseGradesAt(known.run, known.index, moment.value);
});
