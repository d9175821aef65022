import { openRun } from "../playback/playback.ts";
import { projectName } from "./project-name.ts";
import { figures } from "./shown.ts";
import { costWords, missingWords, tokenWords, usageSentence } from "./usage-words.ts";

/** What the header tells of a coding session: what it used by the playhead, and with which model. */
export function CodingFacts() {
  const current = figures.value;
  const project = openRun.value?.project;
  if (current === null) return null;
  const { isPartial, model, usage } = current;
  const tokens = tokenWords(usage);
  const cost = costWords(usage);
  const missing = missingWords(usage);
  return (
    <>
      {cost !== null && (
        <div title={missing ?? undefined}>
          <dt>cost</dt>
          <dd class="num">
            {cost}
            {isPartial && " so far"}
          </dd>
        </div>
      )}
      {tokens !== null && (
        <div title={usageSentence(usage)}>
          <dt>tokens</dt>
          <dd class="num">
            {tokens}
            {isPartial && " so far"}
          </dd>
        </div>
      )}
      {model !== null && (
        <div>
          <dt>model</dt>
          <dd class="clip" title={model}>
            <bdi>{model}</bdi>
          </dd>
        </div>
      )}
      {project !== undefined && (
        <div>
          <dt>in</dt>
          <dd class="clip" title={project}>
            <bdi>{projectName(project)}</bdi>
          </dd>
        </div>
      )}
    </>
  );
}
