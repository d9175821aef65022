import { fileAddress } from "../live/file-address.ts";
import "./open-file.css";

interface Props {
  readonly runId: string;
  readonly path: string;
  /** What the file holds, for who cannot see where the link stands. */
  readonly what: string;
}

/** The file as it lies in the run's folder. */
export function OpenFile({ path, runId, what }: Props) {
  return (
    <a
      class="open-file"
      href={fileAddress(runId, path)}
      target="_blank"
      rel="noreferrer"
      title={path}
      aria-label={`Open file: ${what}`}
    >
      Open file
    </a>
  );
}
