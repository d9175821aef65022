import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { inOrder } from "./in-order.ts";

/** What is known anew is asked for at most this often. */
const AGAIN_MS = 1_000;
/** Between the last key and the question to the server. */
const TYPED_MS = 120;

export interface Asked<Answer> {
  /** The last one there was; null before the first. */
  readonly answer: Answer | null;
  readonly hasFailed: boolean;
}

/**
 * The answer to a question; asked again when `news` is another value, and soon where the question itself
 * is. What was answered stays until there is something newer.
 */
export function useAsked<Answer>(
  question: string,
  news: unknown,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Asked<Answer> {
  const asked = useSignal<Asked<Answer>>({ answer: null, hasFailed: false });
  const order = useRef<ReturnType<typeof inOrder> | null>(null);
  order.current ??= inOrder();
  const current = useRef({ dueAt: Number.NEGATIVE_INFINITY, stop: new AbortController() });
  useEffect(() => {
    const stop = new AbortController();
    const wait = asked.peek().answer === null ? 0 : TYPED_MS;
    current.current = { dueAt: performance.now() + wait, stop };
    return () => stop.abort();
  }, [question]);
  useEffect(() => {
    const timer = setTimeout(
      () => {
        const { signal } = current.current.stop;
        current.current.dueAt = performance.now() + AGAIN_MS;
        const isNewer = order.current?.();
        const told = (next: Asked<Answer>) => {
          if (!signal.aborted && isNewer?.() === true) asked.value = next;
        };
        ask(signal).then(
          (answer) => told({ answer, hasFailed: false }),
          () => told({ ...asked.peek(), hasFailed: true }),
        );
      },
      Math.max(0, current.current.dueAt - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [question, news]);
  return asked.value;
}
