/** ACP's kinds of tools, by the words that tools are named with. The first that a name holds is it. */
const WORDS: readonly (readonly [kind: string, words: RegExp])[] = [
  ["execute", /^(?:bash|shell|sh|powershell|exec|run|terminal)$/],
  ["edit", /^(?:edit|write|create|str|replace|insert|patch|apply)$/],
  ["delete", /^(?:delete|remove|rm)$/],
  ["move", /^(?:move|rename|mv)$/],
  ["search", /^(?:grep|search|glob|find|rg|ls|list)$/],
  ["fetch", /^(?:fetch|http|web|url|browse)$/],
  ["read", /^(?:read|view|cat|open|show|get)$/],
  ["think", /^(?:think|skill|intent|plan)$/],
];

export function toolKind(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/);
  for (const word of words) for (const [kind, known] of WORDS) if (known.test(word)) return kind;
  return "other";
}
