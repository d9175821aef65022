import { computed } from "@preact/signals";
import { MAIN_SESSION } from "../../src/protocol/turn-lines.ts";
import type { Agent } from "../playback/agent-table.ts";
import { indexed, moment } from "../playback/playback.ts";
import { shownSession, showSession } from "../playback/shown-session.ts";
import { firstLine } from "../ui/format.ts";
import { kept } from "./shown.ts";
import "./session-switch.css";

const agents = kept((): readonly Agent[] => {
  const known = indexed.value;
  return known === null ? [] : known.index.trace.table.agents.by(moment.value);
});
const isMain = computed(() => shownSession.value === MAIN_SESSION);

/** Over the conversation of a session with subagents: whose it is, and the way to the others. */
export function SessionSwitch() {
  const known = agents.value;
  if (known.length === 0) return null;
  return (
    <div class="session-switch">
      {!isMain.value && (
        <button type="button" class="button" onClick={() => showSession(MAIN_SESSION)}>
          ← Main
        </button>
      )}
      <label>
        <span class="hidden">Whose conversation</span>
        <select
          value={shownSession.value ?? MAIN_SESSION}
          onChange={(event) => showSession(event.currentTarget.value)}
        >
          <option value={MAIN_SESSION}>Main conversation</option>
          {known.map((agent) => (
            <option key={agent.session} value={agent.session}>
              {agentWords(agent)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function agentWords({ endedAt, name, number }: Agent): string {
  const called = name === "" ? "" : ` · ${firstLine(name).slice(0, 80)}`;
  return `Subagent ${number}${called}${endedAt === null ? " (works)" : ""}`;
}
