import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { askPortion } from "../live/ask-portion.ts";
import { runs } from "../live/state.ts";
import { ListedRuns, type ListView } from "./listed-runs.ts";

/** A list's own state: it lasts as long as the list is drawn. */
export function useListed(): { listed: ListedRuns; view: ListView } {
  const changes = useSignal(0);
  const listed = useMemo(
    () =>
      new ListedRuns({
        ask: askPortion,
        after: (ms, task) => {
          const timer = setTimeout(task, ms);
          return () => clearTimeout(timer);
        },
        changed: () => (changes.value += 1),
      }),
    [changes],
  );
  useEffect(() => () => listed.close(), [listed]);
  if (runs.value !== null) listed.setHead(runs.value);
  void changes.value;
  return { listed, view: listed.view() };
}
