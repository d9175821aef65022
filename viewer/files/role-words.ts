import { nodeOf } from "../../src/protocol/outline.ts";
import { humanise } from "../ui/format.ts";
import type { Role } from "./artifact.ts";
import type { FileRow } from "./files-at.ts";

const WORDS: Readonly<Record<Role, string>> = {
  input: "Input of the run",
  binding: "Session",
  prompt: "Prompt",
  reply: "Reply",
  output: "Output",
  stdout: "stdout",
  stderr: "stderr",
  written: "File",
};

/** A file of which nothing else is known at the moment. */
export const A_FILE = WORDS.written;

/** What a file is called by what it is for, and to whom: its own name is a hash. */
export function fileTitle({ attempt, role, session }: Pick<FileRow, "attempt" | "role" | "session">): string {
  const whose = attempt === null ? session : attemptWords(attempt);
  return whose === null ? WORDS[role] : `${WORDS[role]} · ${whose}`;
}

/** "Draft the review 2" for "draft_the_review#2". */
export function attemptWords(attempt: string): string {
  const number = /#(\d+)$/.exec(attempt)?.[1] ?? "1";
  const name = humanise(nodeOf(attempt));
  return number === "1" ? name : `${name} ${number}`;
}
