import type { Lane } from "./axis.ts";
import type { Mark } from "./marks.ts";
import type { Scale } from "./scale.ts";
import type { SpanKind } from "./spans.ts";

/** What a lane draws of its marks at a moment: those with room for a name, and the rest. */

const NAME_ROOM_PX = 34;
const THIN_PX = 3;
/** So far beyond what is seen a piece is drawn, so that its end is not. */
const BEYOND_PX = 6;
/** A piece thinner than this is not to be seen. */
const LEAST_PX = 2;

export type PieceState = "over" | "open" | "ahead";

export interface Piece {
  readonly left: number;
  readonly width: number;
  readonly kind: SpanKind | "failed";
  /** Of several that are drawn as one: the share of those that failed. */
  readonly failed: number;
  readonly state: PieceState;
  /** Which attempt at its node; 1 for the first, and for what has none. */
  readonly attempt: number;
}

export interface NamedPiece extends Piece {
  readonly name: string;
  /** Where its name may be: what is seen of the piece, up to the next one. */
  readonly nameLeft: number;
  readonly nameRoom: number;
}

export interface Pieces {
  readonly named: readonly NamedPiece[];
  readonly bare: readonly Piece[];
}

export function piecesOf(lane: Lane, scale: Scale, at: number): Pieces {
  const { labelOf, marks } = lane;
  const named: NamedPiece[] = [];
  const bare: Piece[] = [];
  const most = scale.width + BEYOND_PX;
  for (const [place, mark] of marks.entries()) {
    const left = Math.max(-BEYOND_PX, scale.xOf(mark.start));
    const right = Math.min(most, scale.xOf(mark.end));
    const next = marks[place + 1];
    const { attempt, kind, text } = labelOf(mark.index);
    const state = stateOf(mark, at);
    const failures = failuresAt(lane, mark, at);
    const isFailed = failures === mark.count;
    const piece = {
      left,
      width: Math.max(LEAST_PX, right - left),
      kind: isFailed ? ("failed" as const) : kind,
      failed: isFailed ? 0 : failures / mark.count,
      state,
      attempt: mark.count === 1 ? attempt : 1,
    };
    const nameLeft = Math.max(0, left) - left;
    const until = Math.min(right, scale.width, next === undefined ? right : scale.xOf(next.start));
    const nameRoom = until - left - nameLeft;
    if (nameRoom > NAME_ROOM_PX) named.push({ ...piece, name: text, nameLeft, nameRoom });
    else bare.push(piece);
  }
  return { named, bare };
}

export function stateOf({ end, isOpen, start }: Mark, at: number): PieceState {
  if (start > at) return "ahead";
  return !isOpen && end <= at ? "over" : "open";
}

/**
 * How many of a mark's spans failed, as far as it is told: all of a mark that
 * lies ahead, which is drawn as such; else those that had failed by then.
 */
export function failuresAt(
  { packed, spans }: Pick<Lane, "packed" | "spans">,
  mark: Mark,
  at: number,
): number {
  const { count, failures, place, start } = mark;
  if (failures === 0 || start > at) return failures;
  let known = 0;
  for (let each = place; each < place + count; each += 1) {
    const index = packed.spans.at(each);
    if (spans.ends[index]! <= at && spans.isFailed(index)) known += 1;
  }
  return known;
}

/** A piece without room for a line that parts it from the next. */
export function isThin({ width }: Piece): boolean {
  return width < THIN_PX;
}
