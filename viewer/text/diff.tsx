import { useMemo, useState } from "preact/hooks";
import { plural } from "../ui/format.ts";
import { type Change, compare } from "./comparison.ts";
import { type DiffRow, type DiffSection, sectionsOf } from "./diff-row.ts";
import "./diff.css";

interface Props {
  readonly change: Change;
  readonly label: string;
}

/** Rows drawn at once. */
const PORTION = 400;

/** What changed in a file, in one column. */
export function Diff({ change, label }: Props) {
  const [limit, setLimit] = useState(PORTION);
  const comparison = compare(change);
  const rows = comparison?.rows ?? null;
  const sections = useMemo(() => (rows === null ? null : sectionsOf(rows)), [rows]);
  if (sections === null) return <p class="diff-note">Comparing…</p>;
  if (sections.every(({ kind }) => kind === "gap")) return <p class="diff-note">Nothing changed in it.</p>;
  let room = limit;
  const drawn = sections.flatMap((section) => {
    if (room <= 0) return [];
    const part = section.kind === "gap" ? section : { ...section, rows: section.rows.slice(0, room) };
    room -= section.kind === "gap" ? 1 : part.rows.length;
    return [part];
  });
  return (
    <div class="diff" role="group" aria-label={label} tabIndex={0} style={{ "--digits": digitsOf(drawn) }}>
      {drawn.map((section) => (
        <Section key={keyOf(section)} section={section} />
      ))}
      {room <= 0 && (
        <button type="button" class="quiet-button" onClick={() => setLimit(limit + PORTION * 5)}>
          Show more
        </button>
      )}
    </div>
  );
}

/** How wide the column of line numbers is. */
function digitsOf(sections: readonly DiffSection[]): string {
  const last = sections.at(-1)?.rows.at(-1);
  const number = Math.max(
    last === undefined || last.kind === "removed" ? 0 : last.newLine,
    last === undefined || last.kind === "added" ? 0 : last.oldLine,
  );
  return `${Math.max(4, String(number).length + 1)}ch`;
}

function keyOf({ rows: [first] }: DiffSection): string {
  if (first === undefined) return "";
  return first.kind === "removed" ? `-${first.oldLine}` : `+${first.newLine}`;
}

function Section({ section: { kind, rows } }: { readonly section: DiffSection }) {
  const [open, setOpen] = useState(false);
  if (kind === "gap" && !open)
    return (
      <button type="button" class="diff-gap" onClick={() => setOpen(true)}>
        … {plural(rows.length, "unchanged line")}
      </button>
    );
  return (
    <>
      {rows.map((row, index) => (
        <Row key={index} row={row} />
      ))}
    </>
  );
}

const MARKS = { same: " ", added: "+", removed: "-" } as const;

function Row({ row }: { readonly row: DiffRow }) {
  return (
    <div class={`diff-row ${row.kind}`}>
      <span class="diff-line" aria-hidden="true">
        {row.kind === "added" ? "" : row.oldLine}
      </span>
      <span class="diff-line" aria-hidden="true">
        {row.kind === "removed" ? "" : row.newLine}
      </span>
      <span class="diff-mark">{MARKS[row.kind]}</span>
      <span class="diff-text">{row.text}</span>
    </div>
  );
}
