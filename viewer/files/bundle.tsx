import { useState } from "preact/hooks";
import { isEvaluation } from "../playback/evaluation.ts";
import { moment, openRun } from "../playback/playback.ts";
import { plural } from "../ui/format.ts";
import { bundleFiles } from "./bundle-files.ts";
import { openFile } from "./shown.ts";
import "./bundle.css";

/** The run's own files. They are written anew all the time: only how they stand now is to be had. */
export function Bundle() {
  const [open, setOpen] = useState(false);
  const run = openRun.value;
  if (run === null) return null;
  const { files, left } = bundleFiles(run);
  if (files.length === 0) return null;
  const name = isEvaluation.value ? "run" : "bundle";
  if (moment.value !== Number.POSITIVE_INFINITY)
    return (
      <p class="files-note">The {name}'s own files are only there as they stand now: at the live edge.</p>
    );
  return (
    <details class="bundle" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The {name}'s own files, as they stand now</summary>
      {open && (
        <ul aria-label={`Files of the ${name}`}>
          {files.map(({ path, what }) => (
            <li key={path}>
              <button
                type="button"
                class="file-row"
                onClick={() => openFile({ is: "own", path, title: what })}
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
