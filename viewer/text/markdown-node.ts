/** What markdown means, as far as the page draws it. There is nothing in it that could do anything. */

export type Block =
  | { readonly kind: "paragraph"; readonly inside: readonly Inline[] }
  | { readonly kind: "heading"; readonly level: number; readonly inside: readonly Inline[] }
  | { readonly kind: "quote"; readonly inside: readonly Block[] }
  | ListBlock
  | { readonly kind: "code"; readonly language: string | null; readonly text: string }
  | TableBlock
  | { readonly kind: "rule" }
  /** Nothing was made of it: HTML, and what is too large or too deep. */
  | { readonly kind: "plain"; readonly text: string };

interface ListBlock {
  readonly kind: "list";
  /** The first number; null for a list without. */
  readonly start: number | null;
  readonly items: readonly ListItem[];
}

interface ListItem {
  /** Is it a task, and done? */
  readonly task: "none" | "open" | "done";
  readonly inside: readonly Block[];
}

interface TableBlock {
  readonly kind: "table";
  readonly aligns: readonly Align[];
  readonly head: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
}

export type Align = "left" | "center" | "right";
export type Cell = readonly Inline[];

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "strong" | "emphasis" | "struck"; readonly inside: readonly Inline[] }
  /** The address is one that a link may lead to. */
  | { readonly kind: "link"; readonly address: string; readonly inside: readonly Inline[] }
  | { readonly kind: "break" };
