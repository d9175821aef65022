import { useState } from "preact/hooks";
import { FoldedText } from "../ui/folded-text.tsx";
import { duration } from "../ui/format.ts";
import { OutcomeGlyph } from "../ui/status-mark.tsx";
import type { ToolContent, ToolEntry } from "./entry.ts";
import "./tool-call.css";

const FOLD_AT_LINES = 24;

interface Props {
  readonly entry: ToolEntry;
  readonly alive: boolean;
}

/** One line until it is opened; its text is drawn only then. */
export function ToolCall({ alive, entry }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details class="tool-call" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span class="tool-kind num">{entry.toolKind}</span>
        <span class="tool-title clip" title={entry.title}>
          {entry.title === "" ? entry.id : entry.title}
        </span>
        <span class="tool-time num">{entry.endedAt === null ? "" : duration(entry.endedAt - entry.at)}</span>
        <OutcomeGlyph outcome={alive || entry.endedAt !== null ? entry.status : "unfinished"} />
      </summary>
      {open && <ToolBody entry={entry} />}
    </details>
  );
}

function ToolBody({ entry }: { readonly entry: ToolEntry }) {
  const input = asText(entry.rawInput);
  const output = entry.content.length === 0 ? asText(entry.rawOutput) : "";
  const empty = input === "" && output === "" && entry.content.length === 0;
  return (
    <div class="tool-body">
      {entry.locations.length > 0 && <p class="tool-places num">{entry.locations.join("  ")}</p>}
      {input !== "" && <Block label="Input" text={input} />}
      {entry.content.map((content, index) => (
        <Content key={index} content={content} />
      ))}
      {output !== "" && <Block label="Output" text={output} />}
      {empty && <p class="tool-places">Nothing recorded yet.</p>}
    </div>
  );
}

function Content({ content }: { readonly content: ToolContent }) {
  switch (content.kind) {
    case "text":
      return <Block label="Output" text={content.text} />;
    case "diff":
      return (
        <>
          <p class="tool-label">{content.path}</p>
          {content.oldText !== null && content.oldText !== "" && (
            <pre class="removed" tabIndex={0} aria-label="Before">
              <FoldedText text={prefixed("- ", content.oldText)} lines={FOLD_AT_LINES} />
            </pre>
          )}
          <pre class="added" tabIndex={0} aria-label="After">
            <FoldedText text={prefixed("+ ", content.newText)} lines={FOLD_AT_LINES} />
          </pre>
        </>
      );
  }
}

function Block({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <>
      <p class="tool-label">{label}</p>
      <pre tabIndex={0} aria-label={label}>
        <FoldedText text={text} lines={FOLD_AT_LINES} />
      </pre>
    </>
  );
}

function prefixed(mark: string, text: string): string {
  return text
    .split("\n")
    .map((line) => mark + line)
    .join("\n");
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
