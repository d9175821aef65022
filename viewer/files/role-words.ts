import { nodeOf } from "../../src/protocol/outline.ts";
import { humanise } from "../ui/format.ts";
import type { Role } from "./artifact.ts";

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

/** What a file is called by what it is for: its own name is a hash. */
export function roleWords(role: Role): string {
  return WORDS[role];
}

/** "Draft the review 2" for "draft_the_review#2". */
export function attemptWords(attempt: string): string {
  const number = /#(\d+)$/.exec(attempt)?.[1] ?? "1";
  const name = humanise(nodeOf(attempt));
  return number === "1" ? name : `${name} ${number}`;
}
