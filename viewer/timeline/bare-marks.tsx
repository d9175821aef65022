import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type Colours, colours } from "./colours.ts";
import type { LaneBox } from "./lane-box.ts";
import { isThin, type Piece, rankOf } from "./pieces.ts";
import type { Scale } from "./scale.ts";
import type { SpanKind } from "./spans.ts";
import { wedgesOf } from "./wedges.ts";

interface Props {
  readonly lanes: readonly (readonly Piece[])[];
  readonly errors: Float64Array;
  /** The playhead, as far as it decides what is drawn. */
  readonly at: number;
  readonly scale: Scale;
  readonly box: LaneBox;
  /** The marks with names. */
  readonly children: ComponentChildren;
}

const ERROR_PX = 7;
const LEAST_WEDGE_PX = 3;
const LEAST_STRENGTH = 0.4;
const AHEAD = 0.5;
const LEAST_FAILED_PX = 3;
const NOTCH_PX = 4;
const CROSS_PX = 3;
const CROSS_ROOM_PX = 10;
/** A sign needs a bar of this height. */
const SIGN_PX = 7;

/**
 * What has no room for a name, and over it where something failed. There may be
 * one for each pixel of each lane, and all of them move when one zooms: so they
 * are painted, not laid out: what failed above the marks with names, the rest below.
 */
export function BareMarks({ at, box, children, errors, lanes, scale }: Props) {
  const below = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const paints = colours.value;
  useLayoutEffect(() => {
    const [base, top] = [cleared(below.current, scale, box), cleared(above.current, scale, box)];
    if (base === null || top === null) return;
    for (const [row, pieces] of lanes.entries())
      for (const piece of pieces) paint(rankOf(piece) > 1 ? top : base, piece, box.top(row), box.bar, paints);
    paintErrors(top, errors, scale, at, paints);
  });
  const size = { width: `${scale.width}px`, height: `${box.height}px` };
  return (
    <>
      <canvas class="bare" ref={below} style={size} />
      {children}
      <canvas class="bare" ref={above} style={size} />
    </>
  );
}

function cleared(
  element: HTMLCanvasElement | null,
  scale: Scale,
  box: LaneBox,
): CanvasRenderingContext2D | null {
  const context = element?.getContext("2d") ?? null;
  if (element === null || context === null) return null;
  const dots = Math.max(1, devicePixelRatio);
  const [wide, high] = [Math.round(scale.width * dots), Math.round(box.height * dots)];
  if (element.width !== wide) element.width = wide;
  if (element.height !== high) element.height = high;
  context.setTransform(dots, 0, 0, dots, 0, 0);
  context.clearRect(0, 0, scale.width, box.height);
  return context;
}

const STRIPED: ReadonlySet<SpanKind> = new Set(["error", "skipped", "untold", "unanswered"]);

function paint(
  context: CanvasRenderingContext2D,
  piece: Piece,
  top: number,
  height: number,
  paints: Colours,
): void {
  const width = isThin(piece) ? piece.width : piece.width - 1;
  context.fillStyle = paints[piece.kind];
  if (isThin(piece)) context.fillRect(piece.left, top, width, height);
  else {
    context.beginPath();
    context.roundRect(piece.left, top, width, height, Math.min(3, width / 2));
    context.fill();
  }
  if (STRIPED.has(piece.kind)) paintStripes(context, piece.left, top, width, height, paints.stripe);
  if (width >= CROSS_ROOM_PX && height >= SIGN_PX) {
    if (piece.kind === "failed") paintCross(context, piece.left + width / 2, top + height / 2);
    if (piece.kind === "error") paintBang(context, piece.left + width / 2, top + height / 2);
  }
  if (piece.failed > 0) {
    // A few of many are still to be seen.
    const high = Math.max(LEAST_FAILED_PX, Math.round(height * piece.failed));
    context.fillStyle = paints.failed;
    context.fillRect(piece.left, top + height - high, width, high);
  }
  if (piece.attempt > 1 && width > NOTCH_PX) {
    // Another go at the same node: a corner is missing.
    context.fillStyle = paints.gap;
    context.beginPath();
    context.moveTo(piece.left, top);
    context.lineTo(piece.left + NOTCH_PX, top);
    context.lineTo(piece.left, top + NOTCH_PX);
    context.fill();
  }
}

const STRIPE_PX = 5;

/** What has no verdict is striped: its agent failed, or it was not run. */
function paintStripes(
  context: CanvasRenderingContext2D,
  left: number,
  top: number,
  width: number,
  height: number,
  paint: string,
): void {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = paint;
  context.lineWidth = 2;
  context.beginPath();
  for (let x = left - height; x < left + width; x += STRIPE_PX) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}

/** White, as the names are. */
function paintCross(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.strokeStyle = "#fff";
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x - CROSS_PX, y - CROSS_PX);
  context.lineTo(x + CROSS_PX, y + CROSS_PX);
  context.moveTo(x + CROSS_PX, y - CROSS_PX);
  context.lineTo(x - CROSS_PX, y + CROSS_PX);
  context.stroke();
}

function paintBang(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.fillStyle = "#fff";
  context.fillRect(x - 1, y - 4, 2, 4.5);
  context.fillRect(x - 1, y + 2, 2, 2);
}

/**
 * A small wedge where something failed, however thin what failed is drawn. Of more
 * than fit side by side each stands for several: the more, the taller and the
 * stronger. What lies ahead of the playhead is as pale as the rest there.
 */
function paintErrors(
  context: CanvasRenderingContext2D,
  errors: Float64Array,
  scale: Scale,
  at: number,
  paints: Colours,
): void {
  context.fillStyle = paints.wedge;
  for (const { from, strength, x } of wedgesOf(errors, scale, ERROR_PX)) {
    const middle = Math.min(scale.width - ERROR_PX / 2, Math.max(ERROR_PX / 2, x));
    context.globalAlpha = (LEAST_STRENGTH + (1 - LEAST_STRENGTH) * strength) * (from > at ? AHEAD : 1);
    context.beginPath();
    context.moveTo(middle - ERROR_PX / 2, 0);
    context.lineTo(middle + ERROR_PX / 2, 0);
    context.lineTo(middle, LEAST_WEDGE_PX + (ERROR_PX - 1 - LEAST_WEDGE_PX) * strength);
    context.fill();
  }
  context.globalAlpha = 1;
}
