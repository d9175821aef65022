/** "inspect_workspace", "example-two-turn", "draftReview" as a reader's words: "Inspect workspace". */
export function humanise(id: string): string {
  const words = id
    .replaceAll(/[_\-\s]+/g, " ")
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, (_match, low: string, high: string) => `${low} ${high.toLowerCase()}`)
    .trim();
  return words === "" ? id : words.charAt(0).toUpperCase() + words.slice(1);
}
