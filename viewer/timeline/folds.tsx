import { age } from "../ui/format.ts";
import { scale } from "./axis.ts";
import "./folds.css";

const LEAST_PX = 5;
const LABEL_PX = 40;

/** Where nothing was written, drawn as torn out; and how long that was. */
export function Folds() {
  const seen = scale.value;
  return (
    <>
      {seen.folds.map(([from, to]) => {
        const left = seen.xOf(from);
        const width = seen.xOf(to) - left;
        if (width < LEAST_PX || left > seen.width || left + width < 0) return null;
        return (
          <div
            key={from}
            class="axis-fold"
            style={{ transform: `translateX(${left}px)`, width: `${width}px` }}
          >
            {width >= LABEL_PX && <span>{age(to - from)}</span>}
          </div>
        );
      })}
    </>
  );
}
