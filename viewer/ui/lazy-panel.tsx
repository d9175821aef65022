import { signal } from "@preact/signals";
import { type ComponentType, createElement, type FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { LoadingNote } from "./loading.tsx";
import { useLate } from "./use-late.ts";
import "./lazy-panel.css";

type Part<Props> =
  | { readonly kind: "absent" }
  | { readonly kind: "asked" }
  | { readonly kind: "failed" }
  | { readonly kind: "here"; readonly Panel: ComponentType<Props> };

interface LazyPanel<Props> {
  readonly Panel: FunctionComponent<Props>;
  /** Loads it before anyone needs it. */
  readonly preload: () => void;
}

/**
 * A part of the page that is not needed for its first picture. It is loaded when
 * it is looked at, or before in a quiet moment; where it does not come, it says
 * so and is asked for again.
 */
export function lazyPanel<Props extends object>(
  what: string,
  load: () => Promise<ComponentType<Props>>,
): LazyPanel<Props> {
  const part = signal<Part<Props>>({ kind: "absent" });
  const ask = async () => {
    if (part.peek().kind === "asked" || part.peek().kind === "here") return;
    part.value = { kind: "asked" };
    try {
      part.value = { kind: "here", Panel: await load() };
    } catch {
      part.value = { kind: "failed" };
    }
  };
  function Panel(props: Props) {
    const current = part.value;
    const isLate = useLate(current.kind === "absent" || current.kind === "asked");
    useEffect(() => {
      if (part.peek().kind === "absent") void ask();
    }, []);
    switch (current.kind) {
      case "absent":
      case "asked":
        return <div class="lazy-panel">{isLate && <LoadingNote>Loading {what}…</LoadingNote>}</div>;
      case "failed":
        return (
          <div class="lazy-panel">
            <p role="alert">This part of the page could not be loaded: {what}.</p>
            <button type="button" class="button" onClick={() => void ask()}>
              Try again
            </button>
          </div>
        );
      case "here":
        return createElement(current.Panel, props);
    }
  }
  return { Panel, preload: () => void ask() };
}

/** What is loaded when nothing else is to be done. */
const SOON_MS = 1_500;

/** Loads what will be needed sooner or later, once the first picture has been drawn. */
export function preloadSoon(panels: readonly Pick<LazyPanel<object>, "preload">[]): void {
  setTimeout(() => {
    for (const { preload } of panels) preload();
  }, SOON_MS);
}
