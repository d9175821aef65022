import { useMemo } from "preact/hooks";
import { Code } from "../text/code.tsx";
import { Diff } from "../text/diff.tsx";
import { JsonTree } from "../text/json-tree.tsx";
import { Terminal } from "../text/terminal.tsx";
import { FoldedText } from "../ui/folded-text.tsx";
import type { ToolEntry } from "./entry.ts";
import { RunningTime } from "./running-time.tsx";
import { type ToolPart, toolParts } from "./tool-parts.ts";

const FOLD_AT_LINES = 24;

interface Props {
  readonly entry: ToolEntry;
  readonly isRunning: boolean;
}

/** What a tool call was given, and what came of it. */
export function ToolBody({ entry, isRunning }: Props) {
  const parts = useMemo(() => toolParts(entry), [entry]);
  // A change says of itself which file it is of.
  const changed = new Set(parts.map((part) => (part.kind === "diff" ? part.path : "")));
  const places = entry.locations.filter((place) => !changed.has(place));
  return (
    <div class="tool-body">
      {isRunning && (
        <p class="tool-running">
          Running for <RunningTime since={entry.at} />
        </p>
      )}
      {places.length > 0 && (
        <ul class="tool-places num" aria-label="Places">
          {places.map((place, index) => (
            <li key={index}>{place}</li>
          ))}
        </ul>
      )}
      {parts.map((part, index) => (
        <Part key={index} part={part} />
      ))}
      {parts.length === 0 && <p class="tool-nothing">Nothing recorded yet.</p>}
    </div>
  );
}

function Part({ part }: { readonly part: ToolPart }) {
  switch (part.kind) {
    case "command":
      return (
        <>
          <p class="tool-label">Command{part.folder !== null && <> in {part.folder}</>}</p>
          <pre class="tool-command" tabIndex={0} aria-label="Command">
            <FoldedText text={part.text} lines={FOLD_AT_LINES} />
          </pre>
        </>
      );
    case "value":
      return (
        <>
          <p class="tool-label">{part.label}</p>
          <JsonTree value={part.value} label={part.label} />
        </>
      );
    case "text":
      return (
        <>
          <p class="tool-label">{part.label}</p>
          <pre class="tool-text" tabIndex={0} aria-label={part.label}>
            <FoldedText text={part.text} lines={FOLD_AT_LINES} />
          </pre>
        </>
      );
    case "terminal":
      return (
        <>
          <p class="tool-label">{part.label}</p>
          <Terminal text={part.text} label={part.label} lines={FOLD_AT_LINES} />
        </>
      );
    case "code":
      return (
        <>
          <p class="tool-label">{part.label}</p>
          <Code text={part.text} language={part.language} label={part.label} lines={FOLD_AT_LINES} />
        </>
      );
    case "diff":
      return (
        <>
          <p class="tool-label">{part.path}</p>
          <Diff change={part.change} label={`Changes of ${part.path}`} />
        </>
      );
  }
}
