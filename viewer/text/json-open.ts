/** Rows that are drawn before anything is opened. */
const FIRST_ROWS = 48;
/** Levels that are opened in any case, where they are not too wide. */
const FIRST_LEVELS = 2;
/** Further down there is little room beside the indent. */
const LAST_LEVEL = 8;
export const MOST_MEMBERS = 100;

export type Container = Readonly<Record<string, unknown>> | readonly unknown[];

export function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

export function sizeOf(container: Container): number {
  return Array.isArray(container) ? container.length : Object.keys(container).length;
}

/** Up to `most` members, each with its name. */
export function membersOf(container: Container, most: number): readonly (readonly [string, unknown])[] {
  if (Array.isArray(container)) return container.slice(0, most).map((item, index) => [String(index), item]);
  return Object.entries(container).slice(0, most);
}

/**
 * What is open at first: the upper levels, and of the others as many as there is
 * room for, the upper ones before the lower. So a small value is read without
 * opening anything, and a large one costs no more.
 */
export function openAtFirst(value: unknown): ReadonlySet<Container> {
  const open = new Set<Container>();
  let level: readonly Container[] = isContainer(value) ? [value] : [];
  let rows = 0;
  for (let depth = 0; level.length > 0 && depth < LAST_LEVEL; depth += 1) {
    const next: Container[] = [];
    for (const container of level) {
      const shown = Math.min(sizeOf(container), MOST_MEMBERS);
      const isUpper = depth < FIRST_LEVELS && rows + shown <= FIRST_LEVELS * MOST_MEMBERS;
      if (!isUpper && rows + shown > FIRST_ROWS) continue;
      open.add(container);
      rows += shown;
      for (const [, member] of membersOf(container, MOST_MEMBERS)) if (isContainer(member)) next.push(member);
    }
    level = next;
  }
  return open;
}
