/** What a plain request came to. `gone`: there is no such thing (any more). `refused`: what was asked makes no sense to it. */
export type Reply =
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "same" }
  | { readonly kind: "gone" }
  | { readonly kind: "refused" }
  | { readonly kind: "failed" };

/** Asks the server; an answer that takes too long is none. */
export async function askServer(address: string, withinMs = 15_000): Promise<Reply> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(withinMs), cache: "no-store" });
    if (response.status === 204) return { kind: "same" };
    if (response.status === 404) return { kind: "gone" };
    if (response.status === 400) return { kind: "refused" };
    return response.ok ? { kind: "message", text: await response.text() } : { kind: "failed" };
  } catch {
    return { kind: "failed" };
  }
}
