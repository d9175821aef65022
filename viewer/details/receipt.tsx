import type { Artifact } from "../files/artifact.ts";
import { FileText } from "../files/file-text.tsx";
import { artifactText } from "../live/artifacts.ts";
import { Terminal } from "../text/terminal.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { duration } from "../ui/format.ts";
import { OutcomeGlyph } from "../ui/status-mark.tsx";
import type { Action } from "./facts.ts";
import { OpenFile } from "./open-file.tsx";
import { Section } from "./section.tsx";
import { shellLine } from "../text/shell-line.ts";
import "./receipt.css";

interface Props {
  readonly runId: string;
  readonly action: Action;
  /** Does the attempt go on? */
  readonly isRunning: boolean;
}

/** What an action did: its command, how that ended, and what it wrote. */
export function Receipt({ action, isRunning, runId }: Props) {
  const { args, command, cwd, stderr, stdout } = action;
  const line = command === null ? null : shellLine([command, ...args]);
  return (
    <Section title="Action" acts={line !== null && <CopyButton text={line} what="the command" />}>
      {line === null ? (
        <p class="receipt-end">
          {action.type === "function" ? "A function of the flow." : (action.type ?? "It names no command.")}
        </p>
      ) : (
        <pre class="receipt-command" tabIndex={0} aria-label="Command">
          <span aria-hidden="true">$ </span>
          {line}
        </pre>
      )}
      {cwd !== null && <p class="receipt-cwd num">in {cwd}</p>}
      {line !== null && <End action={action} isRunning={isRunning} />}
      {stdout !== null && <Stream runId={runId} artifact={stdout} name="stdout" />}
      {stderr !== null && <Stream runId={runId} artifact={stderr} name="stderr" />}
    </Section>
  );
}

function End({ action, isRunning }: { readonly action: Action; readonly isRunning: boolean }) {
  const { durationMs, exitCode, isDone, signal } = action;
  if (!isDone)
    return isRunning ? (
      <p class="receipt-end">
        <OutcomeGlyph outcome={null} /> Running
      </p>
    ) : (
      <p class="receipt-end">
        <OutcomeGlyph outcome="unfinished" /> How it ended was not written down.
      </p>
    );
  return (
    <p class="receipt-end">
      <OutcomeGlyph outcome={exitCode === 0 ? "ok" : "failed"} />
      {signal !== null && <span>Ended by {signal}</span>}
      {exitCode !== null && (
        <span>
          Exit code <span class="num">{exitCode}</span>
        </span>
      )}
      {signal === null && exitCode === null && <span>No exit code</span>}
      {durationMs !== null && (
        <span>
          after <span class="num">{duration(durationMs)}</span>
        </span>
      )}
    </p>
  );
}

interface StreamProps {
  readonly runId: string;
  readonly artifact: Artifact;
  readonly name: string;
}

function Stream({ artifact, name, runId }: StreamProps) {
  const { bytes, path } = artifact;
  return (
    <>
      <div class="receipt-stream">
        <span class="num">{name}</span>
        {bytes === 0 ? <span>nothing</span> : <OpenFile runId={runId} path={path} what={name} />}
      </div>
      {bytes !== 0 && (
        <FileText runId={runId} path={path} file={artifactText(runId, path)}>
          {(text) => <Terminal text={text} label={name} lines={24} />}
        </FileText>
      )}
    </>
  );
}
