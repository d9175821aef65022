import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { runs } from "../live/state.ts";
import { go, route } from "../ui/route.ts";
import { groupRuns } from "./groups.ts";
import { RunRow } from "./run-row.tsx";
import "./run-list.css";

const PORTION = 200;

interface Props {
  /** Called when a run was chosen, wherever that leads. */
  readonly chosen: () => void;
}

export function RunList({ chosen }: Props) {
  const filter = useSignal("");
  const limit = useSignal(PORTION);
  const state = runs.value;
  const openId = route.value.runId;
  const choose = useChoose(chosen);
  const box = useRef<HTMLElement>(null);
  const isListed = openId !== null && state !== null && Object.hasOwn(state.runsById, openId);
  useEffect(() => {
    // The run that a link opened may lie below the fold of the list.
    if (isListed) box.current?.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest" });
  }, [openId, isListed]);
  const groups = state === null ? [] : groupRuns(state, filter.value, limit.value, Date.now());
  const shown = groups.reduce((sum, group) => sum + group.runs.length, 0);
  return (
    <>
      {state !== null && state.order.length > 0 && (
        <input
          type="search"
          class="run-filter"
          placeholder="Filter runs"
          aria-label="Filter runs"
          value={filter.value}
          onInput={(event) => (filter.value = event.currentTarget.value)}
        />
      )}
      <nav class="run-list" aria-label="Runs" ref={box}>
        {state !== null && state.order.length === 0 && <p class="no-runs">No runs yet.</p>}
        {state !== null && state.order.length > 0 && shown === 0 && (
          <p class="no-runs">No run matches “{filter.value}”.</p>
        )}
        {groups.map((group) => (
          <section key={group.name}>
            <h2>
              {group.name} <span class="num">{group.count}</span>
            </h2>
            {group.runs.map((run) => (
              <RunRow key={run.runId} run={run} isOpen={run.runId === openId} choose={choose} />
            ))}
          </section>
        ))}
        {shown === limit.value && (
          <button type="button" class="button more-runs" onClick={() => (limit.value += PORTION)}>
            Show more
          </button>
        )}
      </nav>
    </>
  );
}

/** One function for all rows, so that a row is drawn again only for its run's sake. */
function useChoose(chosen: () => void): (runId: string) => void {
  const latest = useSignal(chosen);
  latest.value = chosen;
  const choose = useSignal((runId: string) => {
    const { tab } = route.peek();
    if (route.peek().runId !== runId) go({ runId, at: null, tab });
    latest.peek()();
  });
  return choose.peek();
}
