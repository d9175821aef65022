import type { RunStatus } from "../../src/protocol/status.ts";
import type { Tally } from "../../src/protocol/tally.ts";
import { failuresText, verdictOf } from "../../src/protocol/verdict.ts";
import { Glyph, type GlyphName } from "./glyph.tsx";
import "./status-mark.css";

type Tone = "going" | "wait" | "stall" | "ok" | "bad" | "none";

interface Look {
  readonly glyph: GlyphName;
  readonly word: string;
  readonly tone: Tone;
}

/** A status is told by a shape, a word and a colour; never by colour alone. */
const RUN_LOOKS: Readonly<Record<RunStatus, Look>> = {
  queued: { glyph: "dots", word: "Queued", tone: "none" },
  starting: { glyph: "ring", word: "Starting", tone: "going" },
  running: { glyph: "ring", word: "Running", tone: "going" },
  waiting: { glyph: "bars", word: "Waiting", tone: "wait" },
  idle: { glyph: "circle", word: "Idle", tone: "none" },
  finalising: { glyph: "ring", word: "Finalising", tone: "going" },
  stalled: { glyph: "dashes", word: "Stalled", tone: "stall" },
  completed: { glyph: "check", word: "Completed", tone: "ok" },
  ended: { glyph: "square", word: "Ended", tone: "none" },
  failed: { glyph: "cross", word: "Failed", tone: "bad" },
  timed_out: { glyph: "clock", word: "Timed out", tone: "bad" },
  cancelled: { glyph: "slash", word: "Cancelled", tone: "stall" },
  unknown: { glyph: "question", word: "Unknown", tone: "none" },
};

const OUTCOME_LOOKS = new Map<string | null, Look>([
  [null, { glyph: "ring", word: "Running", tone: "going" }],
  ["ok", { glyph: "check", word: "Done", tone: "ok" }],
  ["completed", { glyph: "check", word: "Done", tone: "ok" }],
  ["passed", { glyph: "check", word: "Passed", tone: "ok" }],
  ["failed", { glyph: "cross", word: "Failed", tone: "bad" }],
  ["error", { glyph: "warn", word: "Error", tone: "bad" }],
  ["skipped", { glyph: "slash", word: "Skipped", tone: "none" }],
  ["timed_out", { glyph: "clock", word: "Timed out", tone: "bad" }],
  ["cancelled", { glyph: "slash", word: "Cancelled", tone: "stall" }],
  ["interrupted", { glyph: "slash", word: "Interrupted", tone: "bad" }],
  // A turn after which something else came is no failure of anything.
  ["broken_off", { glyph: "slash", word: "Interrupted", tone: "stall" }],
  ["in_progress", { glyph: "ring", word: "Running", tone: "going" }],
  ["untold", { glyph: "question", word: "Not told", tone: "none" }],
  ["unfinished", { glyph: "question", word: "Not finished", tone: "none" }],
  ["pending", { glyph: "circle", word: "Pending", tone: "none" }],
]);
const UNKNOWN: Look = { glyph: "question", word: "Unknown", tone: "none" };

/** Where a run stands. Of an evaluation that has ended its tests tell whether that is good news. */
interface Standing {
  readonly status: RunStatus;
  readonly tally?: Tally | null | undefined;
}

/** `word`: what says it better than its own, where there is such a one. */
export function StatusPill({ word, ...run }: Standing & { readonly word?: string | null }) {
  const look = standingLook(run);
  return (
    <span class={`pill tone-${look.tone}`}>
      <Glyph name={look.glyph} />
      {word ?? look.word}
    </span>
  );
}

/** The shape alone to the eye; the word to everyone else, and to a pointer that rests on it. */
export function StatusGlyph(run: Standing) {
  return <LookGlyph look={standingLook(run)} />;
}

/** For who says the word of it alone. */
export function standingLook({ status, tally }: Standing): Look {
  switch (verdictOf(status, tally)) {
    case null:
      return RUN_LOOKS[status];
    case "passed":
      return { glyph: "check", word: "Passed", tone: "ok" };
    case "failed":
      return { glyph: "cross", word: tally == null ? "Failed" : failuresText(tally), tone: "bad" };
    case "incomplete":
      return { glyph: "half", word: "Incomplete", tone: "stall" };
    case "skipped":
      return { glyph: "slash", word: "Skipped", tone: "none" };
  }
}

/** A plan only says where it stands: no wheel turns for it. */
export function PlanGlyph({ status }: { readonly status: string }) {
  const look = OUTCOME_LOOKS.get(status) ?? UNKNOWN;
  return <LookGlyph look={status === "in_progress" ? { ...look, glyph: "half" } : look} />;
}

/** How an attempt or a tool call ended; null while it runs. */
export function OutcomeGlyph({ outcome }: { readonly outcome: string | null }) {
  return <LookGlyph look={OUTCOME_LOOKS.get(outcome) ?? UNKNOWN} />;
}

export function outcomeWord(outcome: string | null): string {
  return outcomeLook(outcome).word;
}

/** For who draws the shape, the word and the colour themselves. */
export function outcomeLook(outcome: string | null): Look {
  return OUTCOME_LOOKS.get(outcome) ?? UNKNOWN;
}

export function runLook(status: RunStatus): Look {
  return RUN_LOOKS[status];
}

function LookGlyph({ look }: { readonly look: Look }) {
  return (
    <span class={`mark tone-${look.tone}`} title={look.word}>
      <Glyph name={look.glyph} />
      <span class="hidden">{look.word}</span>
    </span>
  );
}
