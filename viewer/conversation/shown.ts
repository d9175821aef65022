import type { RunState } from "../../src/protocol/bundle.ts";
import { computed, effect, signal } from "@preact/signals";
import { indexed, jumps, moment, openRunId, playhead } from "../playback/playback.ts";
import type { Picture } from "../playback/picture.ts";
import { shownSession } from "../playback/shown-session.ts";
import { ConversationPictures, type ConversationView, type Hold } from "./picture.ts";

/** The conversation as of the playhead, and how much of it somebody wants to see. */

/** What plays is read a little before its time. */
const AHEAD_LINES = 512;

const portions = signal(1);
const hold = signal<Hold | null>(null);
const pictures = new ConversationPictures();
const NOTHING: Picture<ConversationView> = { value: null, isReady: false, parts: [] };

export const conversation = computed(() => {
  const known = indexed.value;
  if (known === null) return NOTHING;
  // At a pinned moment nothing comes in, so nothing has to be held in its place.
  const kept = playhead.value.kind === "paused" ? null : hold.value;
  const ahead = playhead.value.kind === "playing" ? AHEAD_LINES : 0;
  const { index, run } = known;
  const only = shownSession.value;
  return pictures.at({
    run: only === null ? run : onlyOf(run, only),
    index,
    at: moment.value,
    portions: portions.value,
    hold: kept,
    ahead,
  });
});

function onlyOf(run: RunState, session: string): RunState {
  const shown = run.sessions[session];
  return { ...run, sessions: shown === undefined ? {} : { [session]: shown } };
}

export function showEarlier(): void {
  hold.value = null;
  portions.value += 1;
}

/** Keeps the beginning of what is shown where it is, for as long as the reader is there. */
export function holdStill(view: ConversationView): void {
  const turn = view.turns[0];
  const entry = turn?.entries[0];
  const first =
    turn === undefined || entry === undefined ? null : { sessionId: turn.sessionId, line: entry.line };
  hold.value = { first, starts: view.starts };
}

export function letGo(): void {
  hold.value = null;
}

/** At another moment, or in another run, it begins with its newest part again. */
export function startConversation(): void {
  effect(() => {
    void jumps.value;
    void openRunId.value;
    void shownSession.value;
    portions.value = 1;
    hold.value = null;
  });
}
