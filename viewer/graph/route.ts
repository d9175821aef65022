import type { Point } from "./layout.ts";

/** Lines with square turns, as paths with round ones. */

const RADIUS = 10;

export function routePath(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return "";
  let path = `M${at(first)}`;
  for (let index = 1; index < points.length - 1; index += 1) {
    const before = points[index - 1] ?? first;
    const turn = points[index] ?? first;
    const after = points[index + 1] ?? first;
    // Two turns that are near each other share what lies between them.
    const radius = Math.min(RADIUS, length(before, turn) / 2, length(turn, after) / 2);
    path += `L${at(towards(turn, before, radius))}Q${at(turn)} ${at(towards(turn, after, radius))}`;
  }
  const last = points.at(-1) ?? first;
  return `${path}L${at(last)}`;
}

/** The head of an arrow whose point is where the route ends. */
export function headPath(points: readonly Point[]): string {
  const end = points.at(-1);
  const before = points.at(-2);
  if (end === undefined || before === undefined) return "";
  const base = towards(end, before, 7);
  const across = { x: (end.y - base.y) * 0.55, y: (base.x - end.x) * 0.55 };
  const left = { x: base.x + across.x, y: base.y + across.y };
  const right = { x: base.x - across.x, y: base.y - across.y };
  return `M${at(end)}L${at(left)}L${at(right)}Z`;
}

/** Where one of several ways begins: a decision's. */
export function diamondPath([start]: readonly Point[]): string {
  if (start === undefined) return "";
  const { x, y } = start;
  return `M${at({ x, y: y - 6 })}L${at({ x: x + 6, y })}L${at({ x, y: y + 6 })}L${at({ x: x - 6, y })}Z`;
}

/** The middle of the longest piece: on a rail there is room for words. */
export function longestMiddle(points: readonly Point[]): Point | null {
  let middle: Point | null = null;
  let longest = 0;
  for (const [index, point] of points.entries()) {
    const next = points[index + 1];
    if (next === undefined || length(point, next) <= longest) continue;
    longest = length(point, next);
    middle = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
  }
  return middle;
}

function length(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

/** So far from `point` on the way to `other`. */
function towards(point: Point, other: Point, distance: number): Point {
  const whole = length(point, other);
  const share = whole === 0 ? 0 : distance / whole;
  return { x: point.x + (other.x - point.x) * share, y: point.y + (other.y - point.y) * share };
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
