import type { PlanLimit } from "../../src/protocol/plan-limit.ts";
import { totalTokens } from "../../src/protocol/usage.ts";
import { Fact } from "../details/section.tsx";
import { now } from "../playback/now.ts";
import { showSession } from "../playback/shown-session.ts";
import { age, timeOrDay } from "../ui/format.ts";
import { PartsTable } from "./parts-table.tsx";
import type { SessionPart } from "./session-at.ts";
import { facts } from "./shown.ts";
import { modelWords } from "./turn-sections.tsx";
import { UsageList } from "./usage-list.tsx";
import { costWords, tokenWords } from "./usage-words.ts";
import "./session-section.css";

/** What there is to know of a coding session as a whole: where it was, what it used by the playhead, and who used it. */
export function SessionTotals() {
  const current = facts.value;
  if (current === null) return null;
  const { limits, models, project, repeated, sessions, usage } = current;
  return (
    <div class="session-totals">
      {(project !== null || limits.length > 0) && (
        <dl class="detail-facts">
          {project !== null && (
            <Fact label="Project">
              <span class="num">{project}</span>
            </Fact>
          )}
          {limits.map((limit) => (
            <Fact key={limit.name} label="Plan limit">
              <LimitWords {...limit} />
            </Fact>
          ))}
        </dl>
      )}
      <h4>Used until here</h4>
      <UsageList label="Used until here" usage={usage} />
      {totalTokens(repeated) > 0 && (
        <p class="usage-none">
          Told once more here, and counted in the session it was copied from: {tokenWords(repeated)} tokens
          {costWords(repeated) === null ? "" : `, ${costWords(repeated)}`}.
        </p>
      )}
      {models.length > 0 && (
        <PartsTable
          what="Model"
          parts={models.map((part) => ({ ...part, key: part.name, name: modelWords(part.name) }))}
        />
      )}
      {sessions.length > 1 && (
        <PartsTable
          what="Conversation"
          parts={sessions.map((part) => ({ ...part, key: part.name, name: <Whose part={part} /> }))}
        />
      )}
    </div>
  );
}

function Whose({ part: { agent, name } }: { readonly part: SessionPart }) {
  if (agent === null) return <>{name === "main" ? "Main" : name}</>;
  return (
    <button type="button" class="quiet-button" onClick={() => showSession(agent.session)}>
      {agent.name === "" ? `Subagent ${agent.number}` : agent.name}
    </button>
  );
}

/** As the files told of it last: so it says when that was. */
function LimitWords({ at, name, resetsAt, usedPercent, windowMinutes }: PlanLimit) {
  const window = windowMinutes === null ? name : `${name}, ${age(windowMinutes * 60_000)}`;
  return (
    <>
      <b class="num">{Math.round(usedPercent)} %</b> used ({window}), told {timeOrDay(at, now.value)}
      {resetsAt !== null && `; begins anew ${timeOrDay(resetsAt, now.value)}`}
    </>
  );
}
