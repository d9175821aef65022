import { useMemo } from "preact/hooks";
import type { Artifact } from "../files/artifact.ts";
import { FileText } from "../files/file-text.tsx";
import { showAs } from "../files/show-as.ts";
import { hasColours, parsed, TextBody } from "../files/text-body.tsx";
import { artifactText } from "../live/artifacts.ts";
import { Code } from "../text/code.tsx";
import { JsonTree } from "../text/json-tree.tsx";
import { Markdown } from "../text/markdown.tsx";
import type { Output } from "./facts.ts";
import { OpenFile } from "./open-file.tsx";
import { Section } from "./section.tsx";

/** What an attempt was asked, what was answered, and what was made of it. */

interface ArtifactProps {
  readonly runId: string;
  readonly artifact: Artifact;
}

export function Prompt({ artifact: { path }, runId }: ArtifactProps) {
  return (
    <Section title="Prompt" acts={<OpenFile runId={runId} path={path} what="the prompt" />}>
      <FileText runId={runId} path={path} file={artifactText(runId, path)}>
        {(text) => (
          <div class="details-text">
            <Markdown text={text} lines={16} />
          </div>
        )}
      </FileText>
    </Section>
  );
}

export function ReplySection({ artifact: { bytes, path }, runId }: ArtifactProps) {
  return (
    <Section title="Reply" acts={bytes !== 0 && <OpenFile runId={runId} path={path} what="the reply" />}>
      {bytes === 0 ? (
        <p class="details-note">The agent said nothing.</p>
      ) : (
        <FileText runId={runId} path={path} file={artifactText(runId, path)}>
          {(text, isWhole) => <Reply text={text} isWhole={isWhole} />}
        </FileText>
      )}
    </Section>
  );
}

/** Agents are asked for JSON as often as for prose. */
function Reply({ isWhole, text }: { readonly text: string; readonly isWhole: boolean }) {
  const isJson = useMemo(
    () => isWhole && /^\s*[[{]/.test(text) && parsed(text) !== undefined,
    [isWhole, text],
  );
  if (hasColours(text)) return <TextBody text={text} isWhole={isWhole} show={{ as: "text" }} label="Reply" />;
  if (isJson) return <Code text={text} language="json" label="Reply" lines={24} />;
  return (
    <div class="details-text">
      <Markdown text={text} />
    </div>
  );
}

export function OutputSection({ output, runId }: { readonly runId: string; readonly output: Output }) {
  switch (output.is) {
    case "none":
      return null;
    case "inline":
      return (
        <Section title="Output">
          {typeof output.value === "string" ? (
            <Code text={output.value} language={null} label="Output" />
          ) : (
            <JsonTree value={output.value} label="Output" />
          )}
        </Section>
      );
    case "file": {
      const { mediaType, path } = output.artifact;
      return (
        <Section title="Output" acts={<OpenFile runId={runId} path={path} what="the output" />}>
          <FileText runId={runId} path={path} file={artifactText(runId, path)}>
            {(text, isWhole) => (
              <TextBody text={text} isWhole={isWhole} show={showAs(path, mediaType)} label="Output" />
            )}
          </FileText>
        </Section>
      );
    }
  }
}
