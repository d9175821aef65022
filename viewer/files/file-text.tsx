import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { TextOfFile } from "../live/artifacts.ts";
import { fileAddress } from "../live/file-address.ts";
import { useLate } from "../ui/use-late.ts";
import "./file-text.css";

interface Props {
  readonly runId: string;
  readonly path: string;
  readonly file: TextOfFile;
  readonly children: (text: string, isWhole: boolean) => ComponentChildren;
}

/** A file's text once it is there, and until then, or instead of it, what there is to say. */
export function FileText({ children, file, path, runId }: Props) {
  useEffect(() => file.hold(), [file]);
  const read = file.text.value;
  const isLate = useLate(read.kind === "loading");
  switch (read.kind) {
    case "loading":
      return isLate ? (
        <p class="file-note" role="status">
          Loading…
        </p>
      ) : null;
    case "binary":
      return <p class="file-note">This file is no text.</p>;
    case "failed":
      return (
        <p class="file-note" role="alert">
          {read.message}{" "}
          <button type="button" class="quiet-button" onClick={() => file.retry()}>
            Retry
          </button>
        </p>
      );
    case "text":
      return (
        <>
          {read.text === "" ? <p class="file-note">Empty.</p> : children(read.text, read.isWhole)}
          {!read.isWhole && (
            <p class="file-note">
              This is the beginning of a long file.{" "}
              <a href={fileAddress(runId, path)} target="_blank" rel="noreferrer">
                Open the whole file
              </a>
            </p>
          )}
        </>
      );
  }
}
