import { useState } from "preact/hooks";
import { FileText } from "../files/file-text.tsx";
import { showAs } from "../files/show-as.ts";
import { TextBody } from "../files/text-body.tsx";
import { artifactText } from "../live/artifacts.ts";
import { runs } from "../live/state.ts";
import { codingPart } from "../coding/part.ts";
import { isCoding } from "../playback/coding.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { exactTimeOfDay } from "../ui/format.ts";
import type { RunFacts } from "./run-facts.ts";
import { Fact } from "./section.tsx";
import "./run-section.css";

interface Props {
  readonly runId: string;
  readonly facts: RunFacts;
}

/** What there is to know of the run as a whole; its input is read once it is unfolded. */
export function RunSection({ facts, runId }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details class="detail run-section" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{isCoding.value ? "Session" : "Run"}</summary>
      {open && <RunBody runId={runId} facts={facts} />}
    </details>
  );
}

function RunBody({ facts, runId }: Props) {
  const { endedAt, flowPath, input, startedAt } = facts;
  const place = runs.value?.runsById[runId]?.path ?? "";
  return (
    <>
      <dl class="detail-facts">
        <Fact label="Id">
          <span class="num">{runId}</span> <CopyButton text={runId} what="the run's id" />
        </Fact>
        {place !== "" && (
          <Fact label="Place">
            <span class="num">{place}</span> <CopyButton text={place} what="the run's place" />
          </Fact>
        )}
        {flowPath !== null && (
          <Fact label="Flow">
            <span class="num">{flowPath}</span>
          </Fact>
        )}
        {startedAt !== null && <Fact label="Started">{dayAndTime(startedAt)}</Fact>}
        {endedAt !== null && <Fact label="Ended">{dayAndTime(endedAt)}</Fact>}
      </dl>
      {isCoding.value && <OfSession />}
      {input !== null && (
        <>
          <p class="run-input">Input</p>
          <FileText runId={runId} path={input.path} file={artifactText(runId, input.path)}>
            {(text, isWhole) => (
              <TextBody
                text={text}
                isWhole={isWhole}
                show={showAs(input.path, input.mediaType)}
                label="Input"
              />
            )}
          </FileText>
        </>
      )}
    </>
  );
}

function OfSession() {
  const part = codingPart.read();
  return part === null ? null : <part.SessionTotals />;
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

function dayAndTime(time: number): string {
  return `${day.format(time)}, ${exactTimeOfDay(time)}`;
}
