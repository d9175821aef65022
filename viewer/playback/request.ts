/** While an agent loads a session it may tell its history again, which is known already. `id` is as JSON. */
export type Request =
  | { readonly kind: "none" }
  | { readonly kind: "prompt"; readonly id: string }
  | { readonly kind: "load"; readonly id: string };

/** Is a tool call of this status over? */
export function isOver(status: string): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}
