import { useEffect, useMemo, useState } from "preact/hooks";
import type { FlowGraph } from "./flow-graph.ts";
import type { Layout } from "./layout.ts";
import { keptLayout, keyOf, layOut } from "./layouts.ts";

type Laid =
  | { readonly kind: "awaited" }
  | { readonly kind: "ready"; readonly layout: Layout }
  | { readonly kind: "failed"; readonly retry: () => void };

/** Where a graph's parts are drawn. What was laid out before is there at once. */
export function useLayout(graph: FlowGraph): Laid {
  const key = useMemo(() => keyOf(graph), [graph]);
  const [, setNews] = useState(0);
  const [failed, setFailed] = useState<string | null>(null);
  const layout = keptLayout(key);
  const isWanted = layout === null && failed !== key;
  useEffect(() => {
    if (!isWanted) return undefined;
    const stop = new AbortController();
    const { signal } = stop;
    const bring = async () => {
      try {
        await layOut(graph, signal);
        if (!signal.aborted) setNews((count) => count + 1);
      } catch {
        if (!signal.aborted) setFailed(key);
      }
    };
    void bring();
    return () => stop.abort();
  }, [key, isWanted]);
  if (layout !== null) return { kind: "ready", layout };
  return failed === key ? { kind: "failed", retry: () => setFailed(null) } : { kind: "awaited" };
}
