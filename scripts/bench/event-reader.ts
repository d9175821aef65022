import { performance } from "node:perf_hooks";

/** What a reader of an event stream saw until it had enough. */
export interface Streamed {
  readonly events: number;
  /** Every number from the one after the given up to the last, once and in order? */
  readonly isWhole: boolean;
  /** From the request to the first event, and to the last. */
  readonly firstMs: number;
  readonly allMs: number;
  readonly bytes: number;
}

const ID = "id: ";

/**
 * Reads a run's events after a number, as fast as they come, up to the one of number `upTo`,
 * and goes away. It looks at their ids alone.
 */
export async function readEvents(url: string, after: number, upTo: number): Promise<Streamed> {
  const stop = new AbortController();
  const from = performance.now();
  const answer = await fetch(`${url}?lastEventId=${after}`, { signal: stop.signal });
  if (answer.status !== 200 || answer.body === null) throw new Error(`The events answered ${answer.status}.`);
  const decoder = new TextDecoder();
  let rest = "";
  let last = after;
  let isWhole = true;
  let firstMs = 0;
  let bytes = 0;
  const reader = answer.body.getReader();
  while (last < upTo) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith(ID)) continue;
      if (last === after) firstMs = performance.now() - from;
      const id = Number(line.slice(ID.length));
      isWhole &&= id === last + 1;
      last = id;
    }
  }
  const allMs = performance.now() - from;
  stop.abort();
  return { events: last - after, isWhole: isWhole && last >= upTo, firstMs, allMs, bytes };
}
