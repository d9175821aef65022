/** A line of a comparison, with its number in the texts that have it. */
export type DiffRow =
  | { readonly kind: "same"; readonly text: string; readonly oldLine: number; readonly newLine: number }
  | { readonly kind: "added"; readonly text: string; readonly newLine: number }
  | { readonly kind: "removed"; readonly text: string; readonly oldLine: number };

/** Rows that are drawn, or unchanged ones that are folded. */
export interface DiffSection {
  readonly kind: "rows" | "gap";
  readonly rows: readonly DiffRow[];
}

export interface DiffStat {
  readonly added: number;
  readonly removed: number;
}

/** Unchanged lines that stay on each side of a change. */
const CONTEXT = 3;
/** Fewer are not worth a fold. */
const LEAST_GAP = 2;

export function sectionsOf(rows: readonly DiffRow[]): DiffSection[] {
  const near = new Uint8Array(rows.length);
  for (const [index, { kind }] of rows.entries())
    if (kind !== "same") near.fill(1, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  const sections: DiffSection[] = [];
  let from = 0;
  for (let to = 1; to <= rows.length; to += 1) {
    if (to < rows.length && near[to] === near[from]) continue;
    const part = rows.slice(from, to);
    const isGap = near[from] === 0 && part.length >= LEAST_GAP;
    const last = sections.at(-1);
    if (!isGap && last?.kind === "rows")
      sections[sections.length - 1] = { kind: "rows", rows: [...last.rows, ...part] };
    else sections.push({ kind: isGap ? "gap" : "rows", rows: part });
    from = to;
  }
  return sections;
}

export function statOf(rows: readonly DiffRow[]): DiffStat {
  let added = 0;
  let removed = 0;
  for (const { kind } of rows) {
    if (kind === "added") added += 1;
    else if (kind === "removed") removed += 1;
  }
  return { added, removed };
}

/** A text's lines, all of one kind: a file that is new, or that is compared with nothing. */
export function rowsOf(kind: "added" | "removed", content: string): DiffRow[] {
  if (content === "") return [];
  const lines = content.replace(/\r?\n$/, "").split(/\r?\n/);
  return lines.map((text, index): DiffRow =>
    kind === "added" ? { kind, text, newLine: index + 1 } : { kind, text, oldLine: index + 1 },
  );
}
