import type { Span } from "./spans.ts";

/**
 * Spreads spans, in the order of their start, over lanes so that none overlaps
 * another in its lane. Where `most` lanes are not enough the last one takes the rest.
 */
export function packLanes(spans: readonly Span[], most: number): Span[][] {
  const lanes: Span[][] = [];
  const ends: number[] = [];
  for (const span of spans) {
    let lane = ends.findIndex((end) => end <= span.start);
    if (lane === -1) lane = Math.min(lanes.length, most - 1);
    (lanes[lane] ??= []).push(span);
    ends[lane] = Math.max(ends[lane] ?? Number.NEGATIVE_INFINITY, span.end ?? Number.POSITIVE_INFINITY);
  }
  return lanes;
}

/** What is drawn of a lane: one span, or several too thin to be told apart. */
export interface Mark {
  readonly span: Span;
  readonly start: number;
  readonly end: number;
  readonly count: number;
  readonly failed: boolean;
}

/**
 * The marks of a lane at a scale. A span thinner than a pixel joins the mark it
 * starts in the same pixel with, so a lane never has more marks than pixels.
 * What still runs reaches to `edge`.
 */
export function marksOf(lane: readonly Span[], axisStart: number, msPerPixel: number, edge: number): Mark[] {
  const marks: Mark[] = [];
  const pixel = (time: number) => Math.floor((time - axisStart) / msPerPixel);
  for (const span of lane) {
    const end = Math.max(span.start, span.end ?? edge);
    const last = marks.at(-1);
    const thin = end - span.start < msPerPixel;
    if (
      last !== undefined &&
      pixel(span.start) === pixel(last.start) &&
      (thin || last.end - last.start < msPerPixel)
    ) {
      marks[marks.length - 1] = {
        // The longest one gives the mark its name and colour.
        span: end - span.start > last.end - last.start ? span : last.span,
        start: last.start,
        end: Math.max(last.end, end),
        count: last.count + 1,
        failed: last.failed || span.failed,
      };
    } else marks.push({ span, start: span.start, end, count: 1, failed: span.failed });
  }
  return marks;
}
