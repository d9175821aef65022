import { type CodexRecord, fieldsOf, listOf, textOf } from "./record.ts";
import { PLAN } from "./call.ts";

export interface PlanStep {
  readonly content: string;
  readonly status: "pending" | "in_progress" | "completed";
  readonly priority: "medium";
}

/** The plan a call makes; null where it makes none. */
export function planOf(record: CodexRecord): readonly PlanStep[] | null {
  if (record.kind !== "response_item/function_call" || record.payload.name !== PLAN) return null;
  const given = record.payload.arguments;
  const steps = listOf(fieldsOf(typeof given === "string" ? parsed(given) : given)["plan"]);
  return steps.length === 0 ? null : steps.map(step);
}

function step(value: unknown): PlanStep {
  const { status, step: content } = fieldsOf(value);
  const known = status === "completed" || status === "in_progress" ? status : "pending";
  return { content: textOf(content) ?? "", status: known, priority: "medium" };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
