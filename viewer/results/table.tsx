import type { RefObject } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { chooseHere, chosenLine } from "../playback/choice.ts";
import { view } from "../playback/playback.ts";
import { chosenStep } from "../steps/chosen.ts";
import { plural } from "../ui/format.ts";
import { Glyph } from "../ui/glyph.tsx";
import type { Layout } from "./columns.ts";
import { isNarrowed } from "./filter.ts";
import { answerGoingToRow } from "./go-to-row.ts";
import { openGrading } from "./open-grading.ts";
import type { Column } from "./order.ts";
import type { ResultsView } from "./picture.ts";
import { TestRow } from "./result-row.tsx";
import type { ResultRow } from "../playback/test-rows.ts";
import { asked, filter, holdOrder, letOrderGo, order, pressColumn } from "./shown.ts";
import { useRowWindow } from "./use-row-window.ts";
import { COLUMN_WORDS } from "./words.ts";
import "./table.css";

interface Props {
  readonly value: ResultsView;
  /** What the rows are scrolled in. */
  readonly box: RefObject<HTMLDivElement | null>;
  readonly layout: Layout;
  /** Tests of which nothing is known but that there are so many. */
  readonly toCome: number;
  /** Is there still something to come? */
  readonly isMoving: boolean;
}

/** The tests, of which those in view are rows of the page. */
export function ResultTable({ box, isMoving, layout, toCome, value }: Props) {
  const { rows } = value;
  const { isTight, rowHeight } = layout;
  // The same list while it says the same: no row is drawn again for it.
  const columns = useMemo(() => layout.columns, [layout.columns.join(" ")]);
  const chosen = chosenIn(rows);
  const opened = useRef<{ readonly line: number | null } | null>(null);
  // Once, when it opens: what runs on is seen from its beginning.
  if (chosen !== null && view.value?.steps.extent === "all")
    opened.current ??= { line: isMoving ? null : chosen.line };
  const { places, table, walkTo } = useRowWindow({
    box,
    rows,
    rowHeight,
    asked: asked.value.wish,
    current: chosen === null ? null : rows.indexOf(chosen),
    // What was chosen elsewhere on the page comes into view.
    wanted: chosenLine.value ?? opened.current?.line ?? null,
    walked: (row) => chooseHere(row.line),
  });
  const goTo = useRef(walkTo);
  goTo.current = walkTo;
  const chosenPlace = useRef(0);
  chosenPlace.current = chosen === null ? 0 : rows.indexOf(chosen);
  useEffect(() => answerGoingToRow((goal) => goTo.current(goal === "first" ? 0 : chosenPlace.current)), []);
  const isLast = !isNarrowed(filter.value) && toCome > 0;
  return (
    <table
      class={layout.minWidth > 0 ? "result-table is-wide" : "result-table"}
      // A table whose rows are walked and chosen is a grid.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role
      role="grid"
      aria-label="Tests"
      aria-rowcount={rows.length + (isLast ? 2 : 1)}
      tabIndex={0}
      ref={table}
      onKeyDown={(event) => {
        const line = lineOf(event.target);
        if (event.key !== "Enter" || line === null) return;
        event.preventDefault();
        chooseHere(line);
        openGrading();
      }}
    >
      <thead>
        <tr aria-rowindex={1}>
          {columns.map((column) => (
            <Head
              key={column}
              column={column}
              width={column === "suite" ? layout.suiteWidth : column === "target" ? layout.targetWidth : null}
            />
          ))}
        </tr>
      </thead>
      <tbody onPointerMove={holdOrder} onPointerDown={holdOrder} onPointerLeave={letOrderGo}>
        {pieces(places, rows.length).map((piece) => {
          if (typeof piece !== "number") return <Gap key={piece.name} {...piece} rowHeight={rowHeight} />;
          const row = rows[piece];
          return (
            row !== undefined && (
              <TestRow
                key={row.line}
                row={row}
                place={piece}
                isChosen={row === chosen}
                columns={columns}
                isTight={isTight}
              />
            )
          );
        })}
        {isLast && (
          <tr class="result-rest" aria-rowindex={rows.length + 2}>
            <td colSpan={columns.length}>
              {plural(toCome, rows.length > 0 ? "more test" : "test")}{" "}
              {isMoving ? "to come" : "without a result"}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** The row of the chosen step; of an earlier attempt that has none, its test's. */
function chosenIn(rows: readonly ResultRow[]): ResultRow | null {
  const step = chosenStep.value?.index;
  if (step === undefined) return null;
  const exact = rows.find((row) => row.step === step);
  if (exact !== undefined) return exact;
  const node = view.value?.steps.table.nodeCode(step);
  return rows.find((row) => row.node === node) ?? null;
}

function lineOf(target: EventTarget | null): number | null {
  const line = target instanceof Element ? target.getAttribute("data-line") : null;
  return line === null ? null : Number(line);
}

const FIGURES: ReadonlySet<Column> = new Set(["score", "time", "tokens", "cost"]);

interface HeadProps {
  readonly column: Column;
  /** Null: as the stylesheet has it. */
  readonly width: number | null;
}

function Head({ column, width }: HeadProps) {
  const { by, isDown } = order.value;
  const sorted = by === column ? (isDown ? "descending" : "ascending") : undefined;
  return (
    <th
      class={`in-${column}${FIGURES.has(column) ? " figures" : ""}`}
      scope="col"
      aria-sort={sorted}
      {...(width === null ? {} : { style: { width: `${width}px` } })}
    >
      <button type="button" onClick={() => pressColumn(column)}>
        <span class={column === "state" ? "hidden" : ""}>{COLUMN_WORDS[column]}</span>
        {sorted !== undefined && <Glyph name={isDown ? "down" : "up"} />}
        {sorted === undefined && column === "state" && <Glyph name="upAndDown" />}
      </button>
    </th>
  );
}

interface GapOf {
  readonly name: string;
  readonly rows: number;
}

/** Room for rows that are not drawn. */
function Gap({ rowHeight, rows }: GapOf & { readonly rowHeight: number }) {
  return <tr aria-hidden="true" style={{ height: `${rows * rowHeight}px` }} />;
}

/** The rows at these places, and the gaps between them. */
function pieces(places: readonly number[], count: number): (number | GapOf)[] {
  const all: (number | GapOf)[] = [];
  let next = 0;
  for (const place of places) {
    if (place > next) all.push({ name: `gap ${next === 0 ? "above" : "between"}`, rows: place - next });
    all.push(place);
    next = place + 1;
  }
  if (count > next) all.push({ name: "gap below", rows: count - next });
  return all;
}
