/** What a person calls a kind of node. */
export function kindWord(nodeType: string): string {
  return nodeType === "acp" ? "agent" : nodeType;
}
