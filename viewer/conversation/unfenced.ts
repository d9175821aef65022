/** What stands in a text that is one block of code and nothing else. */
export function unfenced(text: string): { readonly text: string; readonly language: string } | null {
  const trimmed = text.trim();
  const [, fence, language] = /^(`{3,}|~{3,})([^\s`]*)\n/.exec(trimmed) ?? [];
  if (fence === undefined || language === undefined || !trimmed.endsWith(`\n${fence}`)) return null;
  const inside = trimmed.slice(fence.length + language.length + 1, -fence.length);
  // Another fence inside would mean that there are several.
  if (`\n${inside}`.includes(`\n${fence}`)) return null;
  return { text: inside.replace(/\n$/, ""), language };
}
