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
/** Of what no more than the end is known there is a mark to be seen and pressed. */
const POINT_PX = 12;
/** A span of this width has a look of its own, whatever else starts in its first pixel and is thinner than half of it. */
const LEADING_PX = 4;

export type PieceState = "over" | "open" | "ahead";

export interface Piece {
  readonly left: number;
  readonly width: number;
  readonly kind: SpanKind;
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

/** A piece that has no room for a name has an empty one. */
export type CutPiece = NamedPiece;

export interface Pieces {
  readonly named: readonly NamedPiece[];
  readonly bare: readonly Piece[];
  /** Those that the playhead cuts, once more, as they are recorded: so the part ahead of it is drawn. */
  readonly cut: readonly CutPiece[];
}

/** `hasNames`: lanes may be too low for them. */
export function piecesOf(lane: Lane, scale: Scale, at: number, hasNames = true): Pieces {
  const named: NamedPiece[] = [];
  const bare: Piece[] = [];
  const cut: CutPiece[] = [];
  /** Up to where marks of ends reach, which may lie over what comes after them. */
  let covered = 0;
  for (const [place, mark] of lane.marks.entries()) {
    const { isPoint, left, right } = extentOf(lane, mark, scale);
    const next = lane.marks[place + 1];
    const isLed = isLedByOne(lane, mark, scale);
    const pieceAt = (when: number): Piece => {
      const { count, failures } = reckonedOf(lane, mark, isLed, when);
      const { attempt, kind } = lane.labelOf(mark.index, when);
      return {
        left,
        width: right - left,
        kind: lookOf(kind, count, failures),
        failed: failures === count ? 0 : failures / count,
        state: stateOf(mark, when),
        attempt: count === 1 ? attempt : 1,
      };
    };
    if (isHidden(mark, at)) {
      cut.push({ ...pieceAt(BEFORE_ALL), name: "", nameLeft: 0, nameRoom: 0 });
      continue;
    }
    const piece = pieceAt(at);
    const nameLeft = Math.max(0, left, covered) - left;
    if (isPoint) covered = right;
    // Most have no room however near the next one is.
    const mayHaveName = hasNames && !isPoint && right - left > NAME_ROOM_PX;
    const until = Math.min(
      right,
      scale.width,
      mayHaveName && next !== undefined ? scale.xOf(next.start) : right,
    );
    const nameRoom = until - left - nameLeft;
    const name = mayHaveName && nameRoom > NAME_ROOM_PX ? lane.labelOf(mark.index).text : "";
    if (name === "") bare.push(piece);
    else named.push({ ...piece, name, nameLeft, nameRoom });
    if (piece.state === "open") cut.push({ ...pieceAt(BEFORE_ALL), name, nameLeft, nameRoom });
  }
  // What did not go well is drawn over all else, wherever lanes are shared.
  return { named, bare: inOrder(bare), cut: inOrder(cut) };
}

function inOrder<Each extends Piece>(pieces: Each[]): Each[] {
  return pieces.some((piece) => rankOf(piece) > 0)
    ? pieces.toSorted((left, right) => rankOf(left) - rankOf(right))
    : pieces;
}

/** Of what lies at one place the piece with the highest rank is drawn on top, and pressed. */
export function rankOf({ failed, kind }: Pick<Piece, "failed" | "kind">): number {
  if (kind === "failed" || kind === "error") return 3;
  if (failed > 0) return 2;
  return kind === "running" ? 1 : 0;
}

/** Where a mark is drawn, in pixels of what is seen. */
export function extentOf({ spans }: Told, mark: Mark, scale: Scale) {
  const start = Math.max(-BEYOND_PX, scale.xOf(mark.start));
  const end = Math.min(scale.width + BEYOND_PX, scale.xOf(mark.end));
  if (spans.isPoint?.(mark.index) !== true)
    return { isPoint: false, left: start, right: Math.max(start + LEAST_PX, end) };
  // One at the very end stays within what is seen.
  const left = start > scale.width ? start : Math.max(0, Math.min(start, scale.width - POINT_PX));
  return { isPoint: true, left, right: left + POINT_PX };
}

/** How a mark looks at a moment. */
export function lookAt(lane: Lane, mark: Mark, scale: Scale, at: number): Pick<Piece, "failed" | "kind"> {
  const { count, failures } = reckonedOf(lane, mark, isLedByOne(lane, mark, scale), at);
  const { kind } = lane.labelOf(mark.index, at);
  return { kind: lookOf(kind, count, failures), failed: failures === count ? 0 : failures / count };
}

/** A moment at which all of the run lies ahead: everything is told as it is recorded. */
export const BEFORE_ALL = Number.NEGATIVE_INFINITY;

export function stateOf(mark: Mark, at: number): PieceState {
  if (isAhead(mark, at)) return "ahead";
  return !mark.isOpen && mark.end <= at ? "over" : "open";
}

function isAhead({ known, start }: Mark, at: number): boolean {
  return start > at || known > at;
}

/**
 * Had it begun, and nobody knew of it yet? Then nothing of it is drawn up to the playhead;
 * ahead of that it is, as all that is recorded later.
 */
export function isHidden({ known, start }: Mark, at: number): boolean {
  return start <= at && known > at;
}

function lookOf(kind: SpanKind, count: number, failures: number): SpanKind {
  if (failures === count) return kind === "error" && count === 1 ? "error" : "failed";
  // Of several that are drawn as one the longest gives the look, but what failed is told by its share.
  return kind === "failed" || kind === "error" ? "passed" : kind;
}

type Told = Pick<Lane, "packed" | "spans">;

/** How many spans a mark tells of, and how many of these failed. */
interface Reckoned {
  readonly count: number;
  readonly failures: number;
  /** Those that start in its first pixel and are too short for it to tell of. */
  readonly shorter: number;
}

/**
 * As far as it is told at a moment: all of a mark that lies ahead, which is drawn
 * as such; else what had failed by then. `isLed`: it tells of its longest span alone.
 */
export function reckonedOf(told: Told, mark: Mark, isLed: boolean, at: number): Reckoned {
  if (!isLed) return { count: mark.count, failures: failuresAt(told, mark, at), shorter: 0 };
  const { ends, isFailed } = told.spans;
  const isTold = isAhead(mark, at) || ends[mark.index]! <= at;
  return { count: 1, failures: isTold && isFailed(mark.index) ? 1 : 0, shorter: mark.count - 1 };
}

/** Is one span of a mark wide, and all others hardly to be seen? Then it is that span. */
export function isLedByOne({ packed, spans }: Told, mark: Mark, scale: Scale): boolean {
  if (mark.count === 1) return true;
  // A test that failed is told of, too.
  if (spans.knowns !== undefined && mark.failures > (spans.isFailed(mark.index) ? 1 : 0)) return false;
  const widthOf = (index: number) => {
    const end = Math.min(spans.ends[index]!, mark.end);
    return scale.xOf(end) - scale.xOf(spans.starts[index]!);
  };
  if (widthOf(mark.index) < LEADING_PX) return false;
  for (let place = mark.place; place < mark.place + mark.count; place += 1) {
    const index = packed.spans.at(place);
    if (index !== mark.index && widthOf(index) >= LEADING_PX / 2) return false;
  }
  return true;
}

function failuresAt({ packed, spans }: Told, mark: Mark, at: number): number {
  const { count, failures, place } = mark;
  if (failures === 0 || isAhead(mark, at)) return failures;
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
