import { batch } from "@preact/signals";
import { jumps, playhead, position } from "../playback/playback.ts";
import { keptChoice } from "../ui/kept-choice.ts";
import { axis, isFolded, scale, sight } from "./axis.ts";
import { type AxisView, panned, Scale, stretch, WHOLE, withMomentAt, zoomed } from "./scale.ts";

/**
 * Looking at a part of the run. What always holds: what is seen moves because
 * somebody moves it, or goes where the playhead goes: along the live edge, or
 * while playing. Nothing else moves it.
 */

const keptFold = keptChoice("runreel.fold-idle", ["no", "yes"], "no");

export function foldQuiet(folds: boolean): void {
  keptFold.write(folds ? "yes" : "no");
  // The moment that is looked at stays where it is.
  const before = scale.peek();
  const at = before.isWhole ? 0 : middleOf(before);
  const share = before.xOf(at) / before.width;
  batch(() => {
    isFolded.value = folds;
    const after = new Scale(axis.peek());
    if (!before.isWhole) look(withMomentAt(after, at, share));
  });
}

/** The playhead, if it is in sight; else the middle of what is. */
function middleOf(seen: Scale): number {
  const at = position.peek();
  return at >= seen.from && at <= seen.to ? at : seen.timeAt(seen.width / 2);
}

/** Who follows the edge and leaves it this little out of sight goes on following it. */
const NEAR_EDGE_PX = 24;

function look(view: AxisView): void {
  const { end } = axis.peek();
  const next = new Scale({ ...axis.peek(), view });
  if (next.isWhole) {
    sight.value = { view: WHOLE, isAtEdge: false };
    return;
  }
  // As the scale keeps it: within the run.
  const { from, perPixel } = next;
  const near = playhead.peek().kind === "live" ? NEAR_EDGE_PX : 1;
  sight.value = { view: { kind: "part", from, perPixel }, isAtEdge: next.xOf(end) <= next.width + near };
}

export function lookAtWhole(): void {
  look(WHOLE);
}

/** Nearer with `by` less than 1; the moment at `x` stays there. */
export function zoom(x: number, by: number): void {
  look(zoomed(axis.peek(), x, by));
}

export function zoomAtPlayhead(by: number): void {
  const seen = scale.peek();
  zoom(seen.xOf(middleOf(seen)), by);
}

export function pan(pixels: number): void {
  look(panned(scale.peek(), pixels));
}

export function lookFrom(time: number): void {
  look(withMomentAt(scale.peek(), time, 0));
}

export function lookAt(from: number, to: number): void {
  look(stretch(axis.peek(), from, to));
}

/** Two fingers: from where they were, with what was seen then, to where they are. */
export function pinch(was: typeof axis.value, x: number, by: number, moved: number): void {
  const view = zoomed(was, x, by);
  look(panned(new Scale({ ...was, view }), -moved));
}

let followed = { kind: playhead.peek().kind, jumps: jumps.peek() };

/** To be called for another run: all of it is seen, and folded as one likes it. */
export function beginSight(): void {
  followed = { kind: playhead.peek().kind, jumps: jumps.peek() };
  batch(() => {
    sight.value = { view: WHOLE, isAtEdge: false };
    isFolded.value = keptFold.read() === "yes";
  });
}

/** To be called when the playhead or the edge moved. */
export function followPlayhead(): void {
  const { kind } = playhead.peek();
  const isElsewhere = jumps.peek() !== followed.jumps;
  const isTurned = kind !== followed.kind;
  followed = { kind, jumps: jumps.peek() };
  const seen = scale.peek();
  if (seen.isWhole) return;
  const x = seen.xOf(position.peek());
  const isOut = x < -1 || x > seen.width + 1;
  switch (kind) {
    case "live":
      if (sight.peek().isAtEdge || (isOut && (isElsewhere || isTurned)))
        look(withMomentAt(seen, axis.peek().end, 1));
      return;
    case "playing":
      if (isOut) look(withMomentAt(seen, position.peek(), 0.1));
      return;
    case "paused":
      if (isOut && isElsewhere) look(withMomentAt(seen, position.peek(), 0.5));
  }
}
