import type { Spell } from "../../src/protocol/quiet.ts";
import { firstWhere } from "../playback/columns.ts";

/** Which part of the axis is seen. */
export type AxisView =
  | { readonly kind: "whole" }
  /** From a moment on, at so many ms a pixel. */
  | { readonly kind: "part"; readonly from: number; readonly perPixel: number };

export const WHOLE: AxisView = { kind: "whole" };

/** How wide a folded spell is, and how much of the axis all of them may take where there are many. */
const FOLD_PX = 46;
const MOST_FOLDED = 0.6;
/** However near one looks, a pixel is no less than this. */
const FINEST = 0.02;

interface Axis {
  readonly start: number;
  readonly end: number;
  /** The spells that take no more than a fold's width; in order, and within the axis. */
  readonly folds: readonly Spell[];
  readonly width: number;
  readonly view: AxisView;
}

/**
 * Time to pixels and back. The axis is straight but for the folds: they have the
 * same width however long they last. So it is a line in pieces, and it never
 * goes down.
 *
 * What always holds: the part that is seen lies within the run, and at one
 * distance (`perPixel`) every moment is as far from every other, wherever one looks.
 */
export class Scale {
  readonly start: number;
  readonly end: number;
  readonly width: number;
  /** Ms a pixel, outside the folds. */
  readonly perPixel: number;
  /** The same with all of the run in view. */
  readonly wholePerPixel: number;
  readonly isWhole: boolean;
  readonly folds: readonly Spell[];
  /** Ms in folds before each of them. */
  readonly #foldedBefore: Float64Array;
  /** Where each fold begins, in pixels from the run's start. */
  readonly #foldPixels: Float64Array;
  readonly #foldWidth: number;
  /** The left end of what is seen, in pixels from the run's start. */
  readonly #offset: number;
  /** The piece that was asked for last: who asks goes on from there. */
  #near = 0;

  constructor({ end, folds, start, view, width }: Axis) {
    this.start = start;
    this.end = Math.max(end, start + 1);
    this.width = Math.max(1, width);
    this.folds = folds;
    const count = folds.length;
    this.#foldedBefore = new Float64Array(count + 1);
    for (let index = 0; index < count; index += 1)
      this.#foldedBefore[index + 1] = this.#foldedBefore[index]! + folds[index]![1] - folds[index]![0];

    const unfolded = Math.max(1, this.end - start - this.#foldedBefore[count]!);
    const narrow = count === 0 ? 0 : Math.min(FOLD_PX, (MOST_FOLDED * this.width) / count);
    this.wholePerPixel = unfolded / (this.width - count * narrow);
    this.isWhole = view.kind === "whole" || view.perPixel >= this.wholePerPixel;
    this.perPixel =
      view.kind === "whole" || this.isWhole ? this.wholePerPixel : Math.max(FINEST, view.perPixel);
    // Nearer, there is more room for each.
    this.#foldWidth = Math.min(FOLD_PX, (narrow * this.wholePerPixel) / this.perPixel);
    this.#foldPixels = new Float64Array(count);
    for (let index = 0; index < count; index += 1)
      this.#foldPixels[index] =
        (folds[index]![0] - start - this.#foldedBefore[index]!) / this.perPixel + index * this.#foldWidth;
    const most = Math.max(0, this.#pixelsTo(this.end) - this.width);
    this.#offset =
      view.kind === "whole" || this.isWhole ? 0 : Math.min(most, Math.max(0, this.#pixelsTo(view.from)));
  }

  /** The moments at either end of what is seen. */
  get from(): number {
    return this.isWhole ? this.start : this.timeAt(0);
  }

  get to(): number {
    return this.isWhole ? this.end : this.timeAt(this.width);
  }

  /** Pixels from the left end of what is seen. */
  xOf(time: number): number {
    return this.#pixelsTo(time) - this.#offset;
  }

  /** A whole number that is the same for all moments that lie on one pixel, wherever one looks from. */
  pixelOf(time: number): number {
    return Math.floor(this.#pixelsTo(time));
  }

  timeAt(x: number): number {
    return this.timeOfPixel(x + this.#offset);
  }

  /** When a pixel begins, counted as `pixelOf` counts. */
  timeOfPixel(pixels: number): number {
    const fold = firstWhere(this.#foldPixels.length, (index) => this.#foldPixels[index]! > pixels) - 1;
    const spell = this.folds[fold];
    if (spell !== undefined) {
      const share = (pixels - this.#foldPixels[fold]!) / this.#foldWidth;
      if (share < 1) return spell[0] + share * (spell[1] - spell[0]);
    }
    const before = fold + 1;
    return this.start + this.#foldedBefore[before]! + (pixels - before * this.#foldWidth) * this.perPixel;
  }

  #pixelsTo(time: number): number {
    const before = this.#foldsBegunBy(time);
    const spell = this.folds[before - 1];
    if (spell !== undefined && time < spell[1]) {
      const share = (time - spell[0]) / (spell[1] - spell[0]);
      return this.#foldPixels[before - 1]! + share * this.#foldWidth;
    }
    return (time - this.start - this.#foldedBefore[before]!) / this.perPixel + before * this.#foldWidth;
  }

  #foldsBegunBy(time: number): number {
    const { folds } = this;
    if (folds.length === 0) return 0;
    const isPiece = (piece: number) =>
      (piece === 0 || folds[piece - 1]![0] <= time) && (piece === folds.length || folds[piece]![0] > time);
    if (!isPiece(this.#near)) {
      this.#near =
        this.#near < folds.length && isPiece(this.#near + 1)
          ? this.#near + 1
          : firstWhere(folds.length, (index) => folds[index]![0] > time);
    }
    return this.#near;
  }
}

/** What is seen after going nearer (`by` less than 1) or further away: the moment at `x` stays where it is. */
export function zoomed(axis: Axis, x: number, by: number): AxisView {
  const scale = new Scale(axis);
  const fixed = scale.timeAt(x);
  const perPixel = Math.max(FINEST, scale.perPixel * by);
  if (perPixel >= scale.wholePerPixel) return WHOLE;
  return { kind: "part", perPixel, from: startSeenFrom(axis, perPixel, fixed, x) };
}

/** What is seen after moving by so many pixels. */
export function panned(scale: Scale, pixels: number): AxisView {
  return scale.isWhole ? WHOLE : { kind: "part", perPixel: scale.perPixel, from: scale.timeAt(pixels) };
}

/** The same distance, with the moment at this share of the width. */
export function withMomentAt(scale: Scale, time: number, share: number): AxisView {
  return panned(scale, scale.xOf(time) - share * scale.width);
}

/** A stretch of the run, with some room at either side. */
export function stretch(axis: Axis, from: number, to: number): AxisView {
  const scale = new Scale(axis);
  const pixels = Math.max(0.01, scale.xOf(to) - scale.xOf(from));
  const perPixel = Math.max(FINEST, (scale.perPixel * pixels) / (0.8 * scale.width));
  if (perPixel >= scale.wholePerPixel) return WHOLE;
  return { kind: "part", perPixel, from: startSeenFrom(axis, perPixel, from, 0.1 * scale.width) };
}

/** Where the view begins that has `time` at `x`. It may lie before the run; the scale keeps it within. */
function startSeenFrom(axis: Axis, perPixel: number, time: number, x: number): number {
  const there = new Scale({ ...axis, view: { kind: "part", perPixel, from: time } });
  return there.timeAt(there.xOf(time) - x);
}
