import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { course, moment, openRun } from "../playback/playback.ts";
import { usePicture } from "../playback/use-picture.ts";
import { clock, fileSize, plural } from "../ui/format.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { memo } from "../ui/memo.ts";
import { bundleFiles } from "./bundle-files.ts";
import type { FileRow } from "./files-at.ts";
import { attemptWords, roleWords } from "./role-words.ts";
import { files, openFile, showEarlier, takeArrival } from "./shown.ts";
import "./file-list.css";

/** What the newest lines of the trace name, the newest first, and below it the bundle's own files. */
export function FileList() {
  const { isLate, isLoading, value } = usePicture("files", files);
  const box = useRef<HTMLDivElement>(null);
  // Who comes back from a file is where they left.
  useLayoutEffect(() => {
    const arrival = takeArrival();
    if (arrival?.to !== "list") return;
    const rows = box.current?.querySelectorAll<HTMLElement>("[data-path]") ?? [];
    const left = [...rows].find((row) => row.dataset["path"] === arrival.from);
    (left ?? box.current)?.focus();
  }, []);
  return (
    <div class="follow-frame">
      <div class={`files ${loadingClass(isLate)}`} aria-busy={isLoading} tabIndex={0} ref={box}>
        {value !== null && value.rows.length === 0 && (
          <p class="nothing">
            {value.earlierThan !== null ? "The newest events name no file." : "No file has been written yet."}
          </p>
        )}
        {value !== null && value.rows.length > 0 && (
          <ul aria-label="Files of the steps">
            {value.rows.map((row) => (
              <Row key={row.path} {...row} />
            ))}
          </ul>
        )}
        {value !== null && value.earlierThan !== null && (
          <div class="files-back">
            <span>
              Named since <RunTime at={value.earlierThan} />
            </span>
            <button type="button" class="button" onClick={showEarlier}>
              Show earlier
            </button>
          </div>
        )}
        <Bundle />
      </div>
      {isLate && <LoadingNote>Loading files…</LoadingNote>}
    </div>
  );
}

const Row = memo<FileRow>(({ at, bytes, line, mediaType, path, ...named }) => {
  const title = titleOf(named);
  return (
    <li>
      <button
        type="button"
        class="file-row"
        data-path={path}
        onClick={() => openFile({ path, mediaType, title, line })}
      >
        <span class="file-time">
          <RunTime at={at} />
        </span>
        <span class="file-title clip">{title}</span>
        <span class="file-kind num">{bytes === null ? "" : fileSize(bytes)}</span>
        <span class="file-path num clip">{path}</span>
        <span class="file-kind num clip">{mediaType ?? ""}</span>
      </button>
    </li>
  );
});

/** What it is, and to whom. */
function titleOf({ attempt, role, session }: Pick<FileRow, "attempt" | "role" | "session">): string {
  const whose = attempt === null ? session : attemptWords(attempt);
  return whose === null ? roleWords(role) : `${roleWords(role)} · ${whose}`;
}

function RunTime({ at }: { readonly at: number }) {
  return <span class="num">{clock(at - course.value.start)}</span>;
}

/** They are written anew all the time: only how they stand now is to be had. */
function Bundle() {
  const [open, setOpen] = useState(false);
  const run = openRun.value;
  if (run === null) return null;
  if (moment.value !== Number.POSITIVE_INFINITY)
    return (
      <p class="files-note">The bundle's own files are only there as they stand now: at the live edge.</p>
    );
  const { files: own, left } = bundleFiles(run);
  return (
    <details class="bundle" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The bundle's own files, as they stand now</summary>
      {open && (
        <ul aria-label="Files of the bundle">
          {own.map(({ path, what }) => (
            <li key={path}>
              <button
                type="button"
                class="file-row"
                data-path={path}
                onClick={() => openFile({ path, mediaType: null, title: what, line: null })}
              >
                <span class="file-title clip">{what}</span>
                <span class="file-path num clip">{path}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {open && left > 0 && (
        <p class="files-note">The files of {plural(left, "more session")} are not listed.</p>
      )}
    </details>
  );
}
