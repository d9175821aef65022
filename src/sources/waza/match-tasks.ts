import type { Results, Task } from "./results.ts";
import type { WazaTest } from "./session.ts";

/** Which task of the results is which test of the log: both have them by name, in one order where names agree. */
export function matchTasks(
  { baseline_outcome, tasks }: Results,
  tests: readonly WazaTest[],
): (readonly [test: WazaTest, task: Task])[] {
  const matched: (readonly [WazaTest, Task])[] = [];
  for (const [pass, ofPass] of [tasks, baseline_outcome?.tasks ?? []].entries()) {
    const left = [...ofPass];
    for (const test of tests) {
      if (test.pass !== pass) continue;
      const index = left.findIndex((task) => nameOf(task) === test.name);
      const [task] = index === -1 ? [] : left.splice(index, 1);
      if (task !== undefined) matched.push([test, task]);
    }
  }
  return matched;
}

export function nameOf({ display_name, test_id }: Task): string {
  if (display_name != null && display_name !== "") return display_name;
  return test_id ?? "";
}
