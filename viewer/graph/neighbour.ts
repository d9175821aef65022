import type { Point } from "./layout.ts";

/** The keys that move from node to node. */
const MOVES = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"] as const;
export type Move = (typeof MOVES)[number];

export function moveOf(key: string): Move | null {
  return MOVES.find((move) => move === key) ?? null;
}

/** The nearest node that way, or where there is none the same one. Home is the first from above, End the last. */
export function neighbourOf(places: readonly Point[], from: number, move: Move): number {
  const here = places[from];
  if (here === undefined) return from;
  switch (move) {
    case "Home":
      return best(places, from, ({ x, y }) => y + x / 1e6);
    case "End":
      return best(places, from, ({ x, y }) => -y - x / 1e6);
    case "ArrowUp":
      return best(places, from, ({ x, y }) => (y < here.y ? here.y - y + Math.abs(x - here.x) / 3 : null));
    case "ArrowDown":
      return best(places, from, ({ x, y }) => (y > here.y ? y - here.y + Math.abs(x - here.x) / 3 : null));
    case "ArrowLeft":
      return best(places, from, ({ x, y }) => (x < here.x ? here.x - x + Math.abs(y - here.y) * 3 : null));
    case "ArrowRight":
      return best(places, from, ({ x, y }) => (x > here.x ? x - here.x + Math.abs(y - here.y) * 3 : null));
  }
}

function best(places: readonly Point[], from: number, cost: (place: Point) => number | null): number {
  let found = from;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, place] of places.entries()) {
    const its = cost(place);
    if (its === null || its >= least) continue;
    least = its;
    found = index;
  }
  return found;
}
