import { showSession } from "../playback/shown-session.ts";
import { course, seekTo } from "../playback/playback.ts";
import { Section } from "../details/section.tsx";
import { clock, duration, plural, wholeNumber } from "../ui/format.ts";
import type { ToolSum } from "./calls.ts";
import { PartsTable } from "./parts-table.tsx";
import { chosenTurn } from "./shown.ts";
import { UsageList } from "./usage-list.tsx";
import "../timeline/sign-shape.css";
import "./turn-sections.css";

/** What there is to tell of a turn beyond any other step: what it used, what it called, and who helped. */
export function TurnSections() {
  const turn = chosenTurn.value;
  if (turn === null) return null;
  const { marks, models, started, title, tools, usage } = turn;
  return (
    <>
      {title !== "" && <p class="turn-title">{title}</p>}
      <Section title="Used">
        <UsageList label="Used by this turn" usage={usage} />
        {models.length > 1 && (
          <PartsTable
            what="Model"
            parts={models.map((part) => ({ ...part, key: part.name, name: modelWords(part.name) }))}
          />
        )}
        {models.length === 1 && <p class="turn-model">{modelWords(models[0]?.name ?? "")}</p>}
      </Section>
      {tools !== null && tools.length > 0 && (
        <Section title="Tool calls">
          <Tools sums={tools} />
        </Section>
      )}
      {started.length > 0 && (
        <Section title="Subagents">
          <ul class="turn-list">
            {started.map(({ endedAt, name, number, session, startedAt }) => (
              <li key={session}>
                <button type="button" class="quiet-button" onClick={() => showSession(session)}>
                  {name === "" ? `Subagent ${number}` : name}
                </button>{" "}
                <span class="faint">
                  {endedAt === null ? "at work" : `took ${duration(endedAt - startedAt)}`}
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {marks.length > 0 && (
        <Section title="Marks">
          <ul class="turn-list">
            {marks.map(({ at, mark, text }) => (
              <li key={`${at} ${mark} ${text}`}>
                <i class={`sign-shape ${mark}`} aria-hidden="true" />{" "}
                <button
                  type="button"
                  class="quiet-button num"
                  title="Go to this moment"
                  onClick={() => seekTo(at)}
                >
                  {clock(at - course.value.start)}
                </button>{" "}
                {text === "" ? mark : text}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

export function modelWords(model: string): string {
  return model === "" ? "Model not told" : model;
}

function Tools({ sums }: { readonly sums: readonly ToolSum[] }) {
  return (
    <table class="parts-table">
      <thead>
        <tr>
          <th scope="col">Tool</th>
          <th scope="col" class="amount">
            Calls
          </th>
          <th scope="col" class="amount">
            Failed
          </th>
          <th scope="col" class="amount">
            Time
          </th>
        </tr>
      </thead>
      <tbody>
        {sums.map(({ count, failed, name, open, tookMs }) => (
          <tr key={name}>
            <td>
              <bdi>{name}</bdi>
              {open > 0 && <span class="faint"> · {plural(open, "call")} without a result</span>}
            </td>
            <td class="amount num">{wholeNumber(count)}</td>
            <td class="amount num">{failed === 0 ? "–" : wholeNumber(failed)}</td>
            <td class="amount num">{count === open ? "–" : duration(tookMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
