import type { DiffStat } from "./diff-row.ts";
import "./diff-count.css";

/** How many lines came and went: "+12 −3". */
export function DiffCount({ stat: { added, removed } }: { readonly stat: DiffStat }) {
  return (
    <span class="diff-count num">
      {(added > 0 || removed === 0) && (
        <span class="added">
          +{added}
          <span class="hidden"> lines added</span>
        </span>
      )}{" "}
      {removed > 0 && (
        <span class="removed">
          −{removed}
          <span class="hidden"> lines removed</span>
        </span>
      )}
    </span>
  );
}
