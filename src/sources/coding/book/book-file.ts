import { basename, dirname } from "node:path";
import type { SessionFile } from "../format.ts";
import type { FileReading } from "./file-reading.ts";
import type { Teller } from "./ledger.ts";

/** One file of a session, and how far it was read. */
export interface BookFile {
  readonly file: SessionFile;
  /** The session in the run: MAIN_SESSION, or an agent's. */
  readonly session: string;
  readonly teller: Teller;
  /** Null: not read in this process, or let go since. It is read from its start should it change. */
  reading: FileReading | null;
  /** As it was before it was last read to its end; "" where it never was. */
  stamp: string;
  inode: number;
  /** Where the lines that were read end. */
  offset: number;
  /** What ends until here was told in this process: 0 for one that was restored. */
  toldTo: number;
  /** What ends after this is told as written while somebody watched. */
  liveFrom: number;
  newestAt: number | null;
}

export function newBookFile(file: SessionFile, session: string, teller: Teller): BookFile {
  const unread = {
    reading: null,
    stamp: "",
    inode: 0,
    offset: 0,
    toldTo: 0,
    liveFrom: Infinity,
    newestAt: null,
  };
  return { file, session, teller, ...unread };
}

export function fileAt(path: string): SessionFile {
  return { dir: dirname(path), name: basename(path) };
}

export function pathOf({ dir, name }: SessionFile): string {
  return `${dir}/${name}`;
}
