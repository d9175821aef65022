import { MAX_LISTED_PROBLEMS, type ReadProblem, type ReadProblems } from "../protocol/bundle.ts";
import type { Draft } from "./source.ts";

/** What of a run could not be read: all of it counted, the first of it listed. A log can be garbage from end to end. */
export class RunProblems {
  #problems: ReadProblems = { count: 0, listed: [] };
  #told = this.#problems;

  report(problem: ReadProblem): void {
    const { count, listed } = this.#problems;
    const isListed = listed.length < MAX_LISTED_PROBLEMS;
    this.#problems = { count: count + 1, listed: isListed ? [...listed, problem] : listed };
  }

  /** What was reported since it was told last. */
  tell(draft: Draft): void {
    const { count, listed } = this.#problems;
    if (count === this.#told.count) return;
    if (listed === this.#told.listed) draft.set(["problems", "count"], count);
    else draft.set(["problems"], this.#problems);
    this.#told = this.#problems;
  }
}
