import * as v from "valibot";
import { parseJson } from "../parse-json.ts";
import { Message, type Row, type RowAssertion, type Score } from "./row.ts";
import type { SideFiles } from "./side-files.ts";

/** What a test came to beyond its row's figures. */
export interface Detail {
  readonly messages: readonly Message[];
  readonly scores: readonly Score[];
  readonly assertions: readonly RowAssertion[];
}

/** Gathers the detail of a final row from the files that it names. */
export type DetailReader = (row: Row, files: SideFiles) => Promise<Detail>;

/** A live row has all of it. */
export function liveDetail(row: Row): Detail {
  const { assertions, input, output, scores, trace } = row;
  const said = trace?.messages ?? [];
  return { messages: said.length > 0 ? said : [...input, ...answered(output)], scores, assertions };
}

/**
 * What was said, from a file of messages, one a line. Where several targets ran one test,
 * AgentV 4 has all of them write the same files: what another target left says nothing
 * of this one, and neither does its answer.
 */
export async function conversation(name: unknown, row: Row, files: SideFiles): Promise<readonly Message[]> {
  const messages = await transcript(name, files);
  if (messages.some(({ target }) => target != null && target !== row.target)) {
    files.reject(name, "Another target's test has written over it.");
    return questionAndAnswer(row, files, false);
  }
  return messages.length > 0 ? messages : questionAndAnswer(row, files, true);
}

async function transcript(name: unknown, files: SideFiles): Promise<readonly Message[]> {
  const text = await files.text(name);
  if (text === null) return [];
  const messages: Message[] = [];
  let isTorn = !text.endsWith("\n");
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const parsed = parseJson(line, Message);
    if (parsed.kind === "good") messages.push(parsed.value);
    else isTorn = true;
  }
  if (isTorn) files.unfinished(name, "Some of its lines are no messages.");
  return messages;
}

/** Without a transcript: what was asked, and what was answered. */
async function questionAndAnswer(
  row: Row,
  files: SideFiles,
  isItsAnswer: boolean,
): Promise<readonly Message[]> {
  const asked = await files.text(row["input_path"]);
  const answer = isItsAnswer ? await files.text(row["answer_path"] ?? row["output_path"]) : null;
  const input = asked === null ? [] : [message("user", asked.replace(/^@\[user\]:\r?\n/, "").trimEnd())];
  return [...input, ...answered(answer)];
}

export async function json<Value>(
  name: unknown,
  files: SideFiles,
  schema: v.GenericSchema<unknown, Value>,
): Promise<Value | null> {
  const text = await files.text(name);
  if (text === null) return null;
  const parsed = parseJson(text, schema);
  return parsed.kind === "good" ? parsed.value : files.unfinished(name, `It ${parsed.message}.`);
}

function answered(output: unknown): readonly Message[] {
  return output === undefined || output === null || output === "" ? [] : [message("assistant", output)];
}

function message(role: string, content: unknown): Message {
  return v.parse(Message, { role, content });
}
