import type { Results, Task } from "./results.ts";
import type { WazaTest } from "./session.ts";

/** Which task of the results is which test of the log: both have them by name, in one order where names agree. */
export function matchTasks(
  { baseline_outcome, tasks }: Results,
  tests: readonly WazaTest[],
): (readonly [test: WazaTest, task: Task])[] {
  const matched: (readonly [WazaTest, Task])[] = [];
  for (const [pass, ofPass] of [tasks, baseline_outcome?.tasks ?? []].entries()) {
    const left = new Map<string, Task[]>();
    for (const task of ofPass.toReversed()) {
      const named = left.get(nameOf(task));
      if (named === undefined) left.set(nameOf(task), [task]);
      else named.push(task);
    }
    for (const test of tests) {
      const task = test.pass === pass ? left.get(test.name)?.pop() : undefined;
      if (task !== undefined) matched.push([test, task]);
    }
  }
  return matched;
}

export function nameOf({ display_name, test_id }: Task): string {
  if (display_name != null && display_name !== "") return display_name;
  return test_id ?? "";
}
