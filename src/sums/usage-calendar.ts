import type { Usage } from "../protocol/usage.ts";
import { type RowName, RowSums } from "./row-sums.ts";
import { type CalendarDay, dayAfter, type Zone, writeDay } from "./zone.ts";

/** Every zone's midnight falls on one of these: zones differ by quarters of an hour. */
const SLOT_MS = 15 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** The year 2200: what says that it is later has no time. */
const LATEST_MS = Date.UTC(2200, 0);
/** Zones whose days are kept. */
const MOST_ZONES = 8;

/** A day of UTC: what is kept of days in other zones is true for as long as the `version` of those they touch. */
interface Bucket {
  version: number;
  readonly slots: Map<number, RowSums>;
}

interface KeptDay {
  readonly version: number;
  readonly sums: RowSums;
}

const NOTHING = new RowSums();

/** Usage by quarters of an hour, and from that by days in any zone. A day that has not changed is added up once. */
export class UsageCalendar {
  readonly #buckets = new Map<number, Bucket>();
  readonly #names: RowName[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #days = new Map<string, Map<number, KeptDay>>();
  #version = 0;
  #first = Infinity;
  #last = -Infinity;

  add(name: RowName, at: number, usage: Usage): void {
    // A record without a time is of no day.
    if (!(at > 0 && at < LATEST_MS)) return;
    this.#version += 1;
    const bucket = this.#bucket(Math.floor(at / DAY_MS));
    bucket.version = this.#version;
    const slot = Math.floor(at / SLOT_MS);
    let sums = bucket.slots.get(slot);
    if (sums === undefined) {
      sums = new RowSums();
      bucket.slots.set(slot, sums);
    }
    sums.add(this.#numberOf(name), usage);
    this.#first = Math.min(this.#first, at);
    this.#last = Math.max(this.#last, at);
  }

  /** When the first usage was, ms since the epoch; null: there is none. */
  get first(): number | null {
    return this.#first === Infinity ? null : this.#first;
  }

  /** When the last was. */
  get last(): number | null {
    return this.#last === -Infinity ? null : this.#last;
  }

  nameOf(row: number): RowName {
    return this.#names[row] ?? { source: "", project: "", model: "" };
  }

  day(zone: Zone, day: CalendarDay): RowSums {
    const from = zone.startOf(day);
    const to = zone.startOf(dayAfter(day, 1));
    const version = this.#versionOf(from, to);
    if (version === 0) return NOTHING;
    const days = this.#daysOf(zone);
    const kept = days.get(from);
    if (kept?.version === version) return kept.sums;
    const sums = new RowSums();
    for (let slot = from / SLOT_MS; slot < to / SLOT_MS; slot += 1) {
      const part = this.#buckets.get(Math.floor((slot * SLOT_MS) / DAY_MS))?.slots.get(slot);
      if (part !== undefined) sums.addAll(part);
    }
    days.set(from, { version, sums });
    return sums;
  }

  /** Days from one to another, both counted in, with what was used on them. */
  *days(zone: Zone, from: CalendarDay, to: CalendarDay): Generator<readonly [CalendarDay, RowSums]> {
    const last = writeDay(to);
    for (let day = from; writeDay(day) <= last; day = dayAfter(day, 1)) {
      yield [day, this.day(zone, day)];
    }
  }

  #versionOf(from: number, to: number): number {
    let version = 0;
    for (let day = Math.floor(from / DAY_MS); day * DAY_MS < to; day += 1) {
      version = Math.max(version, this.#buckets.get(day)?.version ?? 0);
    }
    return version;
  }

  #daysOf({ name }: Zone): Map<number, KeptDay> {
    const known = this.#days.get(name);
    if (known !== undefined) return known;
    for (const oldest of this.#days.keys()) {
      if (this.#days.size < MOST_ZONES) break;
      this.#days.delete(oldest);
    }
    const days = new Map<number, KeptDay>();
    this.#days.set(name, days);
    return days;
  }

  #bucket(day: number): Bucket {
    const known = this.#buckets.get(day);
    if (known !== undefined) return known;
    const bucket = { version: 0, slots: new Map<number, RowSums>() };
    this.#buckets.set(day, bucket);
    return bucket;
  }

  #numberOf(name: RowName): number {
    const key = JSON.stringify([name.source, name.project, name.model]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#names.push(name);
    this.#numbers.set(key, this.#names.length - 1);
    return this.#names.length - 1;
  }
}
