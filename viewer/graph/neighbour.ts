import { NODE_HEIGHT, type Point } from "./layout.ts";

/** The keys that move from node to node. */
const MOVES = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"] as const;
export type Move = (typeof MOVES)[number];

export function moveOf(key: string): Move | null {
  return MOVES.find((move) => move === key) ?? null;
}

/**
 * Up and down is the nearest node above or below. Left and right go through all
 * of them, row by row, so that none is out of reach. Where there is no other
 * that way it is the same one.
 */
export function neighbourOf(places: readonly Point[], from: number, move: Move): number {
  switch (move) {
    case "ArrowUp":
      return nearest(places, from, -1);
    case "ArrowDown":
      return nearest(places, from, 1);
    case "ArrowLeft":
      return inOrder(places, from, -1);
    case "ArrowRight":
      return inOrder(places, from, 1);
    case "Home":
      return readingOrder(places)[0] ?? from;
    case "End":
      return readingOrder(places).at(-1) ?? from;
  }
}

/** Nodes of a layer may lie a little above or below each other. */
const SAME_ROW = NODE_HEIGHT / 2;

function nearest(places: readonly Point[], from: number, direction: 1 | -1): number {
  const here = places[from];
  let found = from;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, { x, y }] of places.entries()) {
    if (here === undefined || (y - here.y) * direction < SAME_ROW) continue;
    const cost = Math.abs(y - here.y) + Math.abs(x - here.x) / 3;
    if (cost >= least) continue;
    least = cost;
    found = index;
  }
  return found;
}

function inOrder(places: readonly Point[], from: number, direction: 1 | -1): number {
  const order = readingOrder(places);
  return order[order.indexOf(from) + direction] ?? from;
}

function readingOrder(places: readonly Point[]): number[] {
  const down = places.map(({ x, y }, index) => ({ index, row: 0, x, y })).sort((a, b) => a.y - b.y);
  let begin = Number.NEGATIVE_INFINITY;
  let row = 0;
  for (const place of down) {
    if (place.y - begin >= SAME_ROW) {
      begin = place.y;
      row += 1;
    }
    place.row = row;
  }
  return down.sort((a, b) => a.row - b.row || a.x - b.x).map(({ index }) => index);
}
