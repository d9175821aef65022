import type { Plan } from "./plan.ts";
import type { Promised } from "./promises.ts";

/** What a question of the bench came to. */
export interface Answer {
  readonly title: string;
  /** How the figures are reached, in a line. */
  readonly how: string;
  readonly tables: readonly string[];
  readonly promises: readonly Promised[];
  /** What the tables are made of. */
  readonly figures: unknown;
}

export type Question = (plan: Plan) => Promise<Answer>;
