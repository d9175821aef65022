import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { artifactText, presentText, type TextOfFile } from "../live/artifacts.ts";
import { downloadAddress, fileAddress } from "../live/file-address.ts";
import { openRunId } from "../playback/playback.ts";
import { usePicture } from "../playback/use-picture.ts";
import { FileText } from "./file-text.tsx";
import { A_FILE, fileTitle } from "./role-words.ts";
import { showAs } from "./show-as.ts";
import { closeFile, files, type OpenedFile, takeArrival } from "./shown.ts";
import { TextBody } from "./text-body.tsx";
import "./opened.css";

/** One file, by its kind, and the ways to have it. */
export function Opened({ file }: { readonly file: OpenedFile }) {
  const runId = openRunId.value;
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (takeArrival()?.to === "file") back.current?.focus();
  }, []);
  const title = useTitle(file);
  if (runId === null) return null;
  const { path } = file;
  return (
    <div class="opened-file">
      <div class="opened-top">
        <button
          type="button"
          class="button"
          ref={back}
          onClick={closeFile}
          onKeyDown={(event) => {
            if (event.key === "Escape") closeFile();
          }}
        >
          ← All files
        </button>
        <p class="file-links">
          <a href={fileAddress(runId, path)} target="_blank" rel="noreferrer">
            Open raw
          </a>
          <a href={downloadAddress(runId, path)} download>
            Download
          </a>
        </p>
      </div>
      <h2>{title}</h2>
      <p class="opened-path num">{path}</p>
      <div class="opened-body" tabIndex={0} role="group" aria-label={title}>
        {file.is === "own" ? (
          <Present runId={runId} file={file} title={title} />
        ) : (
          <Kept runId={runId} file={file} title={title} />
        )}
      </div>
    </div>
  );
}

/** What the file is called as of the playhead: whoever named it later is not to be seen yet. */
function useTitle(file: OpenedFile): string {
  const { value } = usePicture("files", files);
  if (file.is === "own") return file.title;
  const row = value?.rows.find(({ path }) => path === file.path);
  return row === undefined ? A_FILE : fileTitle(row);
}

interface BodyProps {
  readonly runId: string;
  readonly file: OpenedFile;
  readonly title: string;
}

function Kept({ file, runId, title }: BodyProps) {
  return <Body runId={runId} file={file} title={title} text={artifactText(runId, file.path)} />;
}

/** It may change while somebody reads it: it is read again when they say so. */
function Present({ file, runId, title }: BodyProps) {
  const { path } = file;
  const text = useMemo(() => presentText(runId, path), [runId, path]);
  return (
    <>
      <p class="file-note">
        As it stood when it was read.{" "}
        <button type="button" class="quiet-button" onClick={() => text.retry()}>
          Read again
        </button>
      </p>
      <Body runId={runId} file={file} title={title} text={text} />
    </>
  );
}

function Body({ file, runId, text, title }: BodyProps & { readonly text: TextOfFile }) {
  const { path } = file;
  const show = showAs(path, file.is === "artifact" ? file.mediaType : null);
  switch (show.as) {
    case "image":
      return <Image address={fileAddress(runId, path)} title={title} />;
    case "nothing":
      return <p class="file-note">This kind of file is not shown here. Download it to open it.</p>;
    case "json":
    case "markdown":
    case "code":
    case "text":
      return (
        <FileText runId={runId} path={path} file={text}>
          {(read, isWhole) => <TextBody text={read} isWhole={isWhole} show={show} label={title} />}
        </FileText>
      );
  }
}

function Image({ address, title }: { readonly address: string; readonly title: string }) {
  const [hasFailed, setFailed] = useState(false);
  if (hasFailed) return <p class="file-note">This picture could not be shown.</p>;
  return <img class="opened-image" src={address} alt={title} onError={() => setFailed(true)} />;
}
