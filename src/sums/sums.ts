import { setImmediate as breathe } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import type { Burn, LiveStats, ToolLatency, UsageDay } from "../protocol/now.ts";
import { totalTokens } from "../protocol/usage.ts";
import type { UsageMoved } from "../sources/coding/book/usage-moved.ts";
import type { SessionNews } from "../sources/coding/digests.ts";
import { LastHour } from "./last-hour.ts";
import { Latencies } from "./latencies.ts";
import { projectedMonthEnd } from "./month-end.ts";
import { PlanLimits, type SourceLimit } from "./plan-limits.ts";
import type { RowName, RowSums } from "./row-sums.ts";
import { UsageCalendar } from "./usage-calendar.ts";
import { daysInMonth, readDay, writeDay, Zone } from "./zone.ts";

const WINDOW_MINUTES = 5;
const MINUTE_MS = 60_000;
/** Days that are added up without a break: years of them take a second in which others have their turn. */
const DAYS_AT_A_TIME = 8;
/** Zones whose days are known by heart. */
const MOST_ZONES = 8;

export interface SumsOptions {
  readonly clock: Pick<Clock, "now">;
  /** Sessions that are still to be read; null: all are. */
  readonly progress: () => LiveStats["reading"];
}

type Share = LiveStats["by_project"][number];

/**
 * What was used and how long tools took, added up as it is told: a record costs the same however many
 * there were before it.
 */
export class Sums {
  readonly #options: SumsOptions;
  readonly #calendar = new UsageCalendar();
  readonly #hour = new LastHour();
  /** The same of tokens without a known price. */
  readonly #unpricedHour = new LastHour();
  readonly #latencies = new Latencies();
  readonly #limits = new PlanLimits();
  readonly #zones = new Map<string, Zone>();

  constructor(options: SumsOptions) {
    this.#options = options;
  }

  get progress(): LiveStats["reading"] {
    return this.#options.progress();
  }

  moved({ at, model, project, source, usage }: UsageMoved): void {
    this.#calendar.add({ source, project: project ?? "", model: model ?? "" }, at, usage);
    const now = this.#options.clock.now();
    if (usage.costUsd !== null) this.#hour.add(at, usage.costUsd, now);
    if (usage.unpricedTokens !== 0) this.#unpricedHour.add(at, usage.unpricedTokens, now);
  }

  news({ news, place, session, source }: SessionNews): void {
    for (const fact of news) {
      if (fact.is === "call") this.#latencies.call(`${place}\n${session}`, fact);
      else if (fact.is === "result") this.#latencies.result(`${place}\n${session}`, fact);
      else if (fact.is === "limits") for (const limit of fact.limits) this.#limits.take(source, limit);
    }
  }

  /** `zoneName` is of a zone that there is: see `readZone`. */
  burn(now: number, zoneName: string): Burn {
    const zone = this.#zone(zoneName);
    const today = zone.dayOf(now);
    const windowFrom = now - WINDOW_MINUTES * MINUTE_MS;
    const window = this.#hour.since(windowFrom, now);
    const todays = totalOf(this.#calendar.day(zone, today));
    let [month, monthUnpriced] = [0, 0];
    for (const [, sums] of this.#calendar.days(zone, { ...today, day: 1 }, today)) {
      const { cost, unpriced } = totalOf(sums);
      month += cost;
      monthUnpriced += unpriced;
    }
    return {
      window_minutes: WINDOW_MINUTES,
      window_cost: window,
      per_minute: window / WINDOW_MINUTES,
      per_hour: (window / WINDOW_MINUTES) * 60,
      today_cost: todays.cost,
      month_to_date: month,
      projected_month_end: projectedMonthEnd(month, today.day, daysInMonth(today)),
      ts: new Date(now).toISOString(),
      unpriced_tokens: todays.unpriced,
      window_unpriced_tokens: this.#unpricedHour.since(windowFrom, now),
      month_unpriced_tokens: monthUnpriced,
      series: this.#hour.minutes(now),
    };
  }

  /** Of today, the costliest first. */
  shares(now: number, zoneName: string): { readonly projects: Share[]; readonly models: Share[] } {
    const zone = this.#zone(zoneName);
    const day = this.#calendar.day(zone, zone.dayOf(now));
    return {
      projects: this.#sharesBy(day, ({ project }) => project),
      models: this.#sharesBy(day, ({ model }) => model),
    };
  }

  latency(now: number): ToolLatency[] {
    return this.#latencies.told(now);
  }

  planLimits(): SourceLimit[] {
    return this.#limits.told(this.#options.clock.now());
  }

  /** Days as "2026-11-20", both with what was used on them. Without any usage a day is not told. */
  async history(zoneName: string, from: string, to: string): Promise<UsageDay[]> {
    const { first, last } = this.#calendar;
    if (first === null || last === null) return [];
    const zone = this.#zone(zoneName);
    // Nobody waits for the days of a thousand years.
    const begin = later(from, writeDay(zone.dayOf(first)));
    const end = earlier(to, writeDay(zone.dayOf(last)));
    const [start, until] = [readDay(begin), readDay(end)];
    if (start === null || until === null) return [];
    const days: UsageDay[] = [];
    let count = 0;
    for (const [day, sums] of this.#calendar.days(zone, start, until)) {
      count += 1;
      if (count % DAYS_AT_A_TIME === 0) await breathe();
      const name = writeDay(day);
      for (const [row, usage] of sums.rows) {
        days.push({
          day: name,
          ...this.#calendar.nameOf(row),
          input_tokens: usage.inputTokens,
          cache_read_tokens: usage.cacheReadTokens,
          cache_write_tokens: usage.cacheWriteTokens,
          cache_write_1h_tokens: usage.cacheWrite1hTokens,
          output_tokens: usage.outputTokens,
          unpriced_tokens: usage.unpricedTokens,
          cost_usd: usage.costUsd,
        });
      }
    }
    return days;
  }

  #zone(name: string): Zone {
    let zone = this.#zones.get(name);
    if (zone === undefined) {
      zone = new Zone(name);
      if (this.#zones.size >= MOST_ZONES) this.#zones.clear();
      this.#zones.set(name, zone);
    }
    return zone;
  }

  #sharesBy({ rows }: RowSums, nameOf: (name: RowName) => string): Share[] {
    const shares = new Map<string, Share>();
    for (const [row, usage] of rows) {
      const name = nameOf(this.#calendar.nameOf(row));
      const { cost, tokens, unpriced_tokens } = shares.get(name) ?? {
        cost: 0,
        tokens: 0,
        unpriced_tokens: 0,
      };
      shares.set(name, {
        name,
        cost: cost + (usage.costUsd ?? 0),
        tokens: tokens + totalTokens(usage),
        unpriced_tokens: unpriced_tokens + usage.unpricedTokens,
      });
    }
    return [...shares.values()].sort((left, right) => right.cost - left.cost || right.tokens - left.tokens);
  }
}

function totalOf({ rows }: RowSums): { cost: number; unpriced: number } {
  let [cost, unpriced] = [0, 0];
  for (const { costUsd, unpricedTokens } of rows.values()) {
    cost += costUsd ?? 0;
    unpriced += unpricedTokens;
  }
  return { cost, unpriced };
}

function later(left: string, right: string): string {
  return left > right ? left : right;
}

function earlier(left: string, right: string): string {
  return left < right ? left : right;
}
