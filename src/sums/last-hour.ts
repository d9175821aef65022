const MINUTE_MS = 60_000;
const MINUTES = 60;
const HOUR_MS = MINUTES * MINUTE_MS;
const LEAST_KEPT = 1_000;

/** What the last hour's answers cost (or took), by their time. They may come in any order. */
export class LastHour {
  readonly #costs = new Map<number, number>();
  /** Nobody may ask for days: so many are kept before what is old among them goes. */
  #most = LEAST_KEPT;

  get kept(): number {
    return this.#costs.size;
  }

  add(at: number, cost: number, now: number): void {
    if (at < now - HOUR_MS - MINUTE_MS) return;
    this.#costs.set(at, (this.#costs.get(at) ?? 0) + cost);
    if (this.#costs.size <= this.#most) return;
    this.#forget(now);
    this.#most = Math.max(LEAST_KEPT, 2 * this.#costs.size);
  }

  /** Of the minutes up to now, as a clock cuts them: the newest last, which is not over yet. */
  minutes(now: number): number[] {
    this.#forget(now);
    const last = Math.floor(now / MINUTE_MS);
    const minutes = Array.from({ length: MINUTES }, () => 0);
    for (const [at, cost] of this.#costs) {
      const index = MINUTES - 1 - (last - Math.floor(at / MINUTE_MS));
      const known = minutes[index];
      if (known !== undefined) minutes[index] = known + cost;
    }
    return minutes.map(notBelowZero);
  }

  /** Up to now, and a minute more: clocks differ. */
  since(from: number, now: number): number {
    let sum = 0;
    for (const [at, cost] of this.#costs) if (at >= from && at <= now + MINUTE_MS) sum += cost;
    return notBelowZero(sum);
  }

  #forget(now: number): void {
    for (const at of this.#costs.keys()) if (at < now - HOUR_MS - MINUTE_MS) this.#costs.delete(at);
  }
}

/** What was taken back leaves what floating point leaves. */
function notBelowZero(cost: number): number {
  return cost < 1e-12 ? 0 : cost;
}
