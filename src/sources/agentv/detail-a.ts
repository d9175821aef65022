import * as v from "valibot";
import { type DetailReader, conversation, json } from "./detail.ts";
import { list, RowAssertion } from "./row.ts";

const Grading = v.object({ assertions: list(RowAssertion) });

/**
 * AgentV 4: the row keeps what its graders said; the conversation is a file of messages.
 * A test without graders has its assertions in its grading file alone.
 */
export const detailA: DetailReader = async (row, files) => {
  const messages = await conversation(row["transcript_path"], row, files);
  const { scores } = row;
  const grading = scores.length > 0 ? null : await json(row["grading_path"], files, Grading);
  return { messages, scores, assertions: grading?.assertions ?? [] };
};
