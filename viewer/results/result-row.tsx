import { chooseHere } from "../playback/choice.ts";
import { position } from "../playback/playback.ts";
import { clock, duration, firstLine, money, wholeNumber } from "../ui/format.ts";
import { memo } from "../ui/memo.ts";
import { OutcomeGlyph } from "../ui/status-mark.tsx";
import type { Column } from "./order.ts";
import type { ResultRow } from "../playback/test-rows.ts";

interface Props {
  readonly row: ResultRow;
  readonly place: number;
  /** The one whose details are shown. */
  readonly isChosen: boolean;
  readonly columns: readonly Column[];
  /** What is said of a test stands below its name. */
  readonly isTight: boolean;
}

/** Choosing a test stays at the moment that is looked at: what else runs goes on. */
export const TestRow = memo<Props>(({ columns, isChosen, isTight, place, row }) => (
  <tr
    // Its look hangs on the row's own class: browsers have let cells look chosen whose row no longer was.
    class={`result-row${row.number < row.attempts ? " older-attempt" : ""}${isChosen ? " is-chosen" : ""}`}
    data-line={row.line}
    tabIndex={-1}
    aria-rowindex={place + 2}
    aria-selected={isChosen}
    onClick={() => chooseHere(row.line)}
  >
    {columns.map((column) => (
      <td key={column} class={`in-${column}`}>
        <Cell column={column} row={row} isTight={isTight} />
      </td>
    ))}
  </tr>
));

interface CellProps {
  readonly column: Column;
  readonly row: ResultRow;
  readonly isTight: boolean;
}

function Cell({ column, isTight, row }: CellProps) {
  switch (column) {
    case "state":
      return <OutcomeGlyph outcome={row.state === "running" ? null : row.state} />;
    case "test":
      return <TestName row={row} isTight={isTight} />;
    case "suite":
      return <>{row.suite}</>;
    case "target":
      return <>{row.target}</>;
    case "score":
      return <>{row.score?.toFixed(2)}</>;
    case "time":
      return row.state === "running" ? (
        <Elapsed since={row.since} />
      ) : (
        <>{row.durationMs === null ? "" : duration(row.durationMs)}</>
      );
    case "tokens":
      return <>{row.tokens === null ? "" : wholeNumber(row.tokens)}</>;
    case "cost":
      return <>{row.costUsd === null ? "" : money(row.costUsd, "USD")}</>;
  }
}

function TestName({ isTight, row }: Omit<CellProps, "column">) {
  const { error, name, suite, target } = row;
  const firstOfError = error === null ? null : firstLine(error);
  const below = isTight ? [suite, target].filter((part) => part !== null).join(" · ") : "";
  return (
    <span class="result-test" title={firstOfError === null ? name : `${name}\n${firstOfError}`}>
      <span class="result-title">
        <span class="result-name clip">{name}</span>
        <Attempts row={row} />
      </span>
      {(firstOfError !== null || below !== "") && (
        <span class="result-note clip">
          {firstOfError !== null && <span class="bad">{firstOfError}</span>}
          {firstOfError !== null && below !== "" && " · "}
          {below}
        </span>
      )}
    </span>
  );
}

function Attempts({ row: { attempts, number } }: { readonly row: ResultRow }) {
  if (attempts === 1) return null;
  if (number < attempts) return <span class="tag">attempt {wholeNumber(number)}</span>;
  return (
    <span class="tag" title={`The newest of ${wholeNumber(attempts)} attempts`}>
      ×{wholeNumber(attempts)}
      <span class="hidden"> attempts</span>
    </span>
  );
}

function Elapsed({ since }: { readonly since: number }) {
  return <>{clock(position.value - since)}</>;
}
