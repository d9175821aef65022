import { fieldsOf, stringOf } from "./records.ts";

interface PlanEntry {
  readonly content: string;
  readonly status: string;
  readonly priority: string;
}

/** The to-do list that a call writes anew, as ACP's plan. Null: it is another tool's. */
export function planOf(tool: string, input: unknown): readonly PlanEntry[] | null {
  const { todos } = fieldsOf(input);
  if (tool !== "TodoWrite" || !Array.isArray(todos)) return null;
  const entries: readonly unknown[] = todos;
  return entries.map((entry) => {
    const { content, priority, status } = fieldsOf(entry);
    return {
      content: stringOf(content) ?? "",
      status: stringOf(status) ?? "pending",
      priority: stringOf(priority) ?? "medium",
    };
  });
}
