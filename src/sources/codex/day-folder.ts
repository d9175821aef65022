import { join } from "node:path";

const DAY = /^(.*[/\\])(\d{4})[/\\](\d{2})[/\\](\d{2})$/;

/** The folder of the day so many days later, where a folder is one of a day; null where it is none. */
export function dayFolder(dir: string, daysLater: number): string | null {
  const [, root, year, month, day] = DAY.exec(dir) ?? [];
  if (root === undefined) return null;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + daysLater));
  if (Number.isNaN(date.getTime())) return null;
  return join(root, ...date.toISOString().slice(0, 10).split("-"));
}
