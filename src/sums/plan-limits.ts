import type { PlanLimit } from "../protocol/plan-limit.ts";

export interface SourceLimit extends PlanLimit {
  readonly source: string;
}

/** How much of its plans was used up, as each source said it last. */
export class PlanLimits {
  readonly #limits = new Map<string, SourceLimit>();

  take(source: string, limit: PlanLimit): void {
    const key = `${source}\n${limit.name}`;
    const known = this.#limits.get(key);
    if (known === undefined || known.at <= limit.at) this.#limits.set(key, { source, ...limit });
  }

  /** Without those that have begun anew since: nobody has said how they are now. */
  told(now: number): SourceLimit[] {
    return [...this.#limits.values()].filter(({ resetsAt }) => resetsAt === null || resetsAt > now);
  }
}
