import { type Layout, NODE_HEIGHT, NODE_WIDTH, type Point } from "./layout.ts";

/** Where the graph is looked at from: a point of it is drawn at `k` times itself, moved by x and y. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `free`: a person has moved it themselves. */
export type CameraMode = "follow" | "overview" | "free";

export const LARGEST = 2;
const SMALLEST = 0.1;
/** The smallest words of the graph, in its own pixels, and how small words may be on the page. */
const SMALLEST_WORDS = 11.5;
const LEAST_WORDS = 11;
/**
 * A graph that fits at this scale is followed by showing all of it: its words can
 * still be read. Otherwise the node is shown at it, as much around it as there is room for.
 */
const LEGIBLE = LEAST_WORDS / SMALLEST_WORDS;
/** What is left free around the graph; below, the cameras have their buttons. */
const EDGE = 12;
const BUTTONS = 36;
/** What a followed node is kept out of, above and below: there are buttons over the graph. */
const ABOVE = 40;
const BELOW = 44;

/** A small graph is drawn larger where there is much room for it: from this width on, and so much at most. */
const WIDE = 1000;
const LARGEST_WHOLE = 1.4;

/** All of the graph. */
export function overview(box: Size, layout: Layout): Camera {
  const below = box.height > 320 ? BUTTONS : EDGE;
  const width = Math.max(1, box.width - 2 * EDGE);
  const height = Math.max(1, box.height - EDGE - below);
  const largest = Math.min(LARGEST_WHOLE, Math.max(1, box.width / WIDE));
  const k = Math.min(largest, width / Math.max(1, layout.width), height / Math.max(1, layout.height));
  return {
    k,
    x: (box.width - layout.width * k) / 2,
    y: EDGE + (height - layout.height * k) / 2,
  };
}

/** The node at a scale that can be read, or all of the graph where that fits. No more emptiness than there has to be. */
export function follow(box: Size, layout: Layout, node: Point | undefined): Camera {
  const all = overview(box, layout);
  if (all.k >= LEGIBLE || node === undefined) return all;
  const k = LEGIBLE;
  return {
    k,
    x: centred(0, box.width, layout.width * k, (node.x + NODE_WIDTH / 2) * k),
    y: centred(ABOVE, box.height - BELOW, layout.height * k, (node.y + NODE_HEIGHT / 2) * k),
  };
}

/** Where something so long begins between two places, its `middle` in the middle of them if nothing is left empty by it. */
function centred(from: number, to: number, length: number, middle: number): number {
  if (length <= to - from) return (from + to - length) / 2;
  return Math.min(from, Math.max(to - length, (from + to) / 2 - middle));
}

/** The same scale, moved only as far as the node needs to be seen whole. */
export function bringIntoView(camera: Camera, box: Size, node: Point): Camera {
  const { k } = camera;
  return {
    k,
    x: moved(camera.x, node.x * k, NODE_WIDTH * k, box.width),
    y: moved(camera.y, node.y * k, NODE_HEIGHT * k, box.height),
  };
}

function moved(by: number, from: number, length: number, room: number): number {
  const least = 2 * EDGE - from;
  const most = room - 2 * EDGE - length - from;
  return most < least ? least : Math.min(most, Math.max(least, by));
}

export function smallestScale(box: Size, layout: Layout): number {
  return Math.min(SMALLEST, overview(box, layout).k);
}

/** A piece of the graph stays in the box, however far it is dragged. */
export function kept(camera: Camera, box: Size, layout: Layout): Camera {
  const piece = 60;
  return {
    k: camera.k,
    x: Math.min(box.width - piece, Math.max(piece - layout.width * camera.k, camera.x)),
    y: Math.min(box.height - piece, Math.max(piece - layout.height * camera.k, camera.y)),
  };
}

/** On the way from one camera to another, `share` of it done: slow at both ends. */
export function between(from: Camera, to: Camera, share: number): Camera {
  const eased = share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
  const mix = (a: number, b: number) => a + (b - a) * eased;
  return { k: mix(from.k, to.k), x: mix(from.x, to.x), y: mix(from.y, to.y) };
}
