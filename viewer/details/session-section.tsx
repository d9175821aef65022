import { openRun } from "../playback/playback.ts";
import { fieldsOf, textOf } from "../playback/unknown.ts";
import { Fact, Section } from "./section.tsx";

/**
 * The session that an attempt spoke with, once a line has named it. What its
 * binding says stood there before that line, and does not change.
 */
export function SessionSection({ id }: { readonly id: string }) {
  const binding = fieldsOf(openRun.value?.sessions[id]?.binding);
  const handle = textOf(binding["handle"]);
  const agent = textOf(binding["agentName"]);
  const command = textOf(binding["agentCommand"]);
  const cwd = textOf(binding["cwd"]);
  return (
    <Section title="Session">
      <dl class="detail-facts">
        <Fact label="Session">
          {handle !== null && handle !== id && `${handle} `}
          <span class="num faint">{id}</span>
        </Fact>
        {agent !== null && <Fact label="Agent">{agent}</Fact>}
        {command !== null && (
          <Fact label="Command">
            <span class="num">{command}</span>
          </Fact>
        )}
        {cwd !== null && (
          <Fact label="Folder">
            <span class="num">{cwd}</span>
          </Fact>
        )}
      </dl>
    </Section>
  );
}
