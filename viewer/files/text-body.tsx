import { useMemo } from "preact/hooks";
import { Code } from "../text/code.tsx";
import { JsonTree } from "../text/json-tree.tsx";
import { Markdown } from "../text/markdown.tsx";
import { Terminal } from "../text/terminal.tsx";
import type { ShowAs } from "./show-as.ts";

interface Props {
  readonly text: string;
  /** Of a beginning alone nobody can tell the whole form. */
  readonly isWhole: boolean;
  readonly show: ShowAs;
  readonly label: string;
}

const LINES = 400;

/** A text by its kind. */
export function TextBody({ isWhole, label, show, text }: Props) {
  switch (show.as) {
    case "json":
      return <JsonBody text={text} isWhole={isWhole} label={label} />;
    case "markdown":
      return <Markdown text={text} />;
    case "code":
      return <Code text={text} language={show.language} label={label} lines={LINES} />;
    case "text":
      return hasColours(text) ? (
        <Terminal text={text} label={label} lines={LINES} />
      ) : (
        <Code text={text} language={null} label={label} lines={LINES} />
      );
    case "image":
    case "nothing":
      return null;
  }
}

function JsonBody({ isWhole, label, text }: Omit<Props, "show">) {
  const value = useMemo(() => (isWhole ? parsed(text) : undefined), [isWhole, text]);
  if (value === undefined) return <Code text={text} language="json" label={label} lines={LINES} />;
  return <JsonTree value={value} label={label} />;
}

/** Undefined is no JSON. */
export function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

export function hasColours(text: string): boolean {
  return text.includes("\u001b[");
}
