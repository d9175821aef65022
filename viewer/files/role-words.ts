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
  test: "File",
  written: "File",
};

/** A file of which nothing else is known at the moment. */
export const A_FILE = WORDS.written;

/** What a file is called by what it is for, and to whom: its own name is a hash. */
export function fileTitle({
  attempt,
  label,
  role,
  session,
}: Pick<FileRow, "attempt" | "label" | "role" | "session">): string {
  const what = label === undefined || label === "" ? WORDS[role] : humanise(label);
  const whose = attempt === null ? session : role === "test" ? testWords(attempt) : attemptWords(attempt);
  return whose === null ? what : `${what} · ${whose}`;
}

/** A test is called by its own name, which is a person's. */
function testWords(attempt: string): string {
  const number = /#(\d+)$/.exec(attempt)?.[1] ?? "1";
  return number === "1" ? nodeOf(attempt) : `${nodeOf(attempt)} ${number}`;
}

/** "Draft the review 2" for "draft_the_review#2". */
export function attemptWords(attempt: string): string {
  const number = /#(\d+)$/.exec(attempt)?.[1] ?? "1";
  const name = humanise(nodeOf(attempt));
  return number === "1" ? name : `${name} ${number}`;
}
