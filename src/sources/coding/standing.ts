import type { RunStatus } from "../../protocol/status.ts";
import type { Pulse } from "../source.ts";
import { callLine } from "./digest-maker.ts";
import type { DigestState, OpenCall } from "./digests.ts";

/** How long a call of its kind usually takes at most, with nothing written: longer, and a person may be asked. */
const QUICK_MS = 5_000;
const USUAL_MS = 30_000;
const AGENT_MS = 10 * 60_000;
/** Who answered and does nothing for this long is done, whether it says so or not. */
const ANSWERED_MS = 2 * 60_000;
/** A model that says nothing for this long is taken for gone. */
const SILENCE_MS = 10 * 60_000;
/** Nobody sits before it any more. */
const IDLE_ENDS_MS = 60 * 60_000;
const ENDS_MS = 24 * 60 * 60_000;

const QUICK_KINDS: ReadonlySet<string> = new Set(["read", "search", "edit", "delete", "move", "think"]);
/** Tools that wait for another agent, whose files are written meanwhile. */
const AGENT_TOOLS: ReadonlySet<string> = new Set(["Agent", "Task", "spawn_agent", "wait_agent", "wait"]);

/** Where a session stands. */
export interface Standing {
  readonly status: RunStatus;
  /** What it is at, in few words; null where there is nothing to say. */
  readonly detail: string | null;
  readonly pulse: Pulse;
}

/** By how its files end, when they were last written, and the time it is now: see docs/sessions.md. */
export function standingOf(state: DigestState, lastWriteAt: number, now: number): Standing {
  const at = (status: RunStatus, detail: string | null, until: number | null): Standing => ({
    status,
    detail,
    pulse: {
      status,
      silenceMs: null,
      lastWriteAt,
      ...(until === null ? {} : { changesAt: lastWriteAt + until }),
    },
  });
  const quiet = now - lastWriteAt;
  if (state.is !== "working") {
    if (quiet >= IDLE_ENDS_MS) return at("ended", null, null);
    return at("idle", state.is === "idle" ? outcomeText(state.outcome) : null, IDLE_ENDS_MS);
  }
  if (quiet >= ENDS_MS) return at("ended", null, null);
  const asked = state.calls.find(({ asks }) => asks);
  if (asked !== undefined)
    return at("waiting", `asks: ${asked.title === "" ? asked.tool : asked.title}`, ENDS_MS);
  const [oldest] = state.calls;
  if (oldest !== undefined) {
    const usual = usualMs(oldest);
    return quiet < usual ? at("running", callLine(oldest), usual) : at("waiting", callLine(oldest), ENDS_MS);
  }
  if (state.hasAnswered) {
    if (quiet < ANSWERED_MS) return at("running", null, ANSWERED_MS);
    return quiet >= IDLE_ENDS_MS ? at("ended", null, null) : at("idle", null, IDLE_ENDS_MS);
  }
  const { pulse } = at("running", null, ENDS_MS);
  return { status: "running", detail: null, pulse: { ...pulse, silenceMs: SILENCE_MS } };
}

function usualMs({ kind, tool }: OpenCall): number {
  if (AGENT_TOOLS.has(tool)) return AGENT_MS;
  return QUICK_KINDS.has(kind) ? QUICK_MS : USUAL_MS;
}

function outcomeText(outcome: (DigestState & { readonly is: "idle" })["outcome"]): string | null {
  switch (outcome) {
    case "ok":
      return null;
    case "cancelled":
      return "The last turn was cancelled.";
    case "failed":
      return "The last turn failed.";
    case "interrupted":
      return "The last turn was interrupted.";
    default:
      return outcome satisfies never;
  }
}
