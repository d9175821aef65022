import { isNarrow } from "../ui/narrow.ts";
import type { Pair } from "./comparison.ts";
import { useFixedRows } from "./fixed-rows.ts";
import { figureLabel } from "./figure-words.ts";
import type { ChangedBy } from "./pair-columns.ts";
import { PairRow } from "./pair-row.tsx";
import "./pair-table.css";

interface Props {
  readonly pairs: readonly Pair[];
  readonly hasTargets: boolean;
  readonly figures: readonly ChangedBy[];
  readonly leftId: string;
  readonly rightId: string;
}

/** The stylesheet draws them so. */
const ROW_PX = 34;
const HEAD_PX = 32;
const NARROW_ROW_PX = 62;

const COLUMNS = ["Change", "Test", "Other run", "This run", "Score"] as const;

/** The tests of both runs. Of any number, those in view are drawn. */
export function PairTable({ figures, hasTargets, leftId, pairs, rightId }: Props) {
  const [rowPx, headPx] = isNarrow.value ? [NARROW_ROW_PX, 0] : [ROW_PX, HEAD_PX];
  const { box, from, stop, to } = useFixedRows(pairs.length, rowPx, headPx);
  return (
    <div
      class="pair-box"
      ref={box}
      role="table"
      aria-label="Tests of both runs"
      aria-rowcount={pairs.length + 1}
      style={{ "--pair-figures": figures.length + 1 }}
    >
      <div role="rowgroup" class="pair-heads">
        <div role="row" aria-rowindex={1} class="pair-row">
          {[...COLUMNS, ...figures.map(figureLabel)].map((column) => (
            <span role="columnheader" key={column}>
              {column}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" class="pair-rows" style={{ height: `${pairs.length * rowPx}px` }}>
        {pairs.slice(from, to).map((pair, offset) => {
          const row = from + offset;
          return (
            <div
              key={pair.key}
              role="row"
              class="pair-row"
              data-row={row}
              aria-rowindex={row + 2}
              style={{ top: `${row * rowPx}px` }}
            >
              <PairRow
                pair={pair}
                leftId={leftId}
                rightId={rightId}
                hasTargets={hasTargets}
                figures={figures}
                isStop={row === stop}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
