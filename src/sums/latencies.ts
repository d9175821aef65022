import type { ToolLatency } from "../protocol/now.ts";
import type { CallFact, ResultFact } from "../sources/coding/fact.ts";
import { percentile } from "./percentile.ts";

const HOUR_MS = 60 * 60_000;
const LATENCY_HOURS = 24;
/** Stretches of a series. */
const STRETCHES = 12;
const STRETCH_MS = (LATENCY_HOURS / STRETCHES) * HOUR_MS;
/** Calls without a result that are remembered, and samples of a tool. */
const MOST_OPEN = 20_000;
const MOST_SAMPLES = 20_000;

interface Sample {
  /** When the result came. */
  readonly at: number;
  readonly seconds: number;
}

interface Tool {
  samples: Sample[];
  /** Times of call and result, and the call's id: a copied session tells the same pair again. */
  readonly pairs: Set<string>;
}

/** How long tools take, from a call to its result: paired by their id within their session, in any order of their ends. */
export class Latencies {
  readonly #open = new Map<string, Pick<CallFact, "at" | "tool">>();
  readonly #tools = new Map<string, Tool>();

  call(session: string, { at, id, tool }: Pick<CallFact, "at" | "id" | "tool">): void {
    const key = keyOf(session, id);
    if (this.#open.has(key)) return;
    this.#open.set(key, { at, tool });
    if (this.#open.size <= MOST_OPEN) return;
    for (const oldest of this.#open.keys()) {
      this.#open.delete(oldest);
      break;
    }
  }

  result(session: string, { at, id }: Pick<ResultFact, "at" | "id">): void {
    const key = keyOf(session, id);
    const call = this.#open.get(key);
    if (call === undefined) return;
    this.#open.delete(key);
    const tool = this.#tool(call.tool);
    const pair = `${id} ${call.at} ${at}`;
    if (tool.pairs.has(pair)) return;
    tool.pairs.add(pair);
    // Clocks are set; nothing takes less than no time.
    tool.samples.push({ at, seconds: Math.max(0, at - call.at) / 1_000 });
    if (tool.samples.length > 2 * MOST_SAMPLES) keep(tool, tool.samples.slice(-MOST_SAMPLES));
  }

  /** Of the last 24 hours, the tool with the most calls first. */
  told(now: number): ToolLatency[] {
    const told: ToolLatency[] = [];
    for (const [name, tool] of this.#tools) {
      const recent = tool.samples.filter(({ at }) => at > now - LATENCY_HOURS * HOUR_MS);
      if (recent.length < tool.samples.length) keep(tool, recent);
      if (recent.length === 0) this.#tools.delete(name);
      else told.push(latencyOf(name, recent, now));
    }
    return told.sort(
      (left, right) => right.samples - left.samples || compare(left.tool_name, right.tool_name),
    );
  }

  #tool(name: string): Tool {
    const known = this.#tools.get(name);
    if (known !== undefined) return known;
    const tool: Tool = { samples: [], pairs: new Set() };
    this.#tools.set(name, tool);
    return tool;
  }
}

/** The rest cannot be told a second time either: it is too old, or was pushed out. */
function keep(tool: Tool, samples: Sample[]): void {
  tool.samples = samples;
  if (tool.pairs.size > 2 * MOST_SAMPLES) tool.pairs.clear();
}

function latencyOf(name: string, samples: readonly Sample[], now: number): ToolLatency {
  const stretches = Array.from({ length: STRETCHES }, (): number[] => []);
  for (const { at, seconds } of samples) {
    const ago = Math.max(0, Math.floor((now - at) / STRETCH_MS));
    stretches[STRETCHES - 1 - ago]?.push(seconds);
  }
  const all = sorted(samples.map(({ seconds }) => seconds));
  return {
    tool_name: name,
    samples: all.length,
    p50: percentile(all, 50),
    p95: percentile(all, 95),
    p99: percentile(all, 99),
    series: stretches.map((part) => (part.length === 0 ? null : percentile(sorted(part), 50))),
  };
}

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

function keyOf(session: string, id: string): string {
  return `${session}\n${id}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
