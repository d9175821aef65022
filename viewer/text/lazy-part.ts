import { signal } from "@preact/signals";

export interface LazyPart<Value> {
  /** Null until it has been loaded; who reads it while drawing is drawn again then. Reading asks for it. */
  read(): Value | null;
  /** Has it come, or is it known not to come for now? */
  isSettled(): boolean;
}

/** After this it is asked for again by who needs it: the network may be back. */
const RETRY_MS = 10_000;

/** A part of the page that is loaded when something needs it; what waits for it stands there plain. */
export function lazyPart<Value>(load: () => Promise<Value>): LazyPart<Value> {
  const state = signal<{ readonly value: Value | null; readonly settled: boolean }>({
    value: null,
    settled: false,
  });
  let askedAt = Number.NEGATIVE_INFINITY;
  const ask = () => {
    if (state.peek().value !== null || performance.now() - askedAt < RETRY_MS) return;
    askedAt = performance.now();
    load().then(
      (value) => (state.value = { value, settled: true }),
      // The plain text stays: it says the same.
      () => (state.value = { value: null, settled: true }),
    );
  };
  return {
    read() {
      ask();
      return state.value.value;
    },
    isSettled: () => state.value.settled,
  };
}
