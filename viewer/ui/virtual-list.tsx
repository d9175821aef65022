import type { ComponentChildren } from "preact";
import type { VirtualList } from "./use-virtual-list.ts";
import "./virtual-list.css";

interface Props {
  readonly list: VirtualList;
  /** How many there are; null where it is not known. */
  readonly size: number | null;
  /** Rows whose height may change are measured. */
  readonly isMeasured?: boolean;
  readonly rowClass: (index: number) => string;
  readonly children: (index: number) => ComponentChildren;
}

/** The rows in view, each where it stands. How many there are is told to who does not see them. */
export function VirtualRows({ children, isMeasured = false, list, rowClass, size }: Props) {
  return (
    <ol class="virtual-rows" style={{ height: `${list.height}px` }}>
      {list.rows.map(({ index, key, top }) => (
        <li
          key={key}
          class={`virtual-row ${rowClass(index)}`}
          style={{ top: `${top}px` }}
          data-index={index}
          aria-setsize={size ?? -1}
          aria-posinset={size === null ? undefined : index + 1}
          {...(isMeasured ? { ref: list.measure } : {})}
        >
          {children(index)}
        </li>
      ))}
    </ol>
  );
}
