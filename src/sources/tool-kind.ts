/** What kind of tool a name tells of, in ACP's words. The first that fits counts. */
const KINDS = [
  ["think", /^(?:think|thinking|plan|todo|task|agent|reason|skill|intent)$/],
  ["edit", /^(?:edit|multiedit|write|create|patch|replace|insert|update|apply|notebook|append|str)$/],
  ["delete", /^(?:delete|remove|rm|unlink)$/],
  ["move", /^(?:move|rename|mv)$/],
  ["fetch", /^(?:fetch|web|http|url|browse|browser|download|curl)$/],
  ["search", /^(?:search|grep|glob|find|list|ls|lookup|query|rg)$/],
  ["execute", /^(?:bash|shell|sh|exec|execute|run|command|terminal|cmd|powershell|python|eval)$/],
  ["read", /^(?:read|view|cat|open|load|get|show)$/],
] as const;

export type ToolKind = (typeof KINDS)[number][0] | "other";

/** "ReadFile", "read_file" and "mcp__files__read" are all about reading. */
export function toolKind(name: string): ToolKind {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/);
  for (const [kind, pattern] of KINDS) if (words.some((word) => pattern.test(word))) return kind;
  return "other";
}
