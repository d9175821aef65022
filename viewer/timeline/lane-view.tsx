import { useLayoutEffect, useRef } from "preact/hooks";
import type { NamedPiece } from "./pieces.ts";
import type { SpanKind } from "./spans.ts";

interface Props {
  readonly pieces: readonly NamedPiece[];
}

/**
 * The pieces of a lane that have names. All of them may move with every frame, so
 * they are drawn by hand: each is a box that is touched only where it differs from
 * what it showed.
 */
export function LaneView({ pieces }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<DrawnPiece[]>([]);
  useLayoutEffect(() => {
    const lane = box.current;
    if (lane === null) return;
    for (const [place, piece] of pieces.entries()) update((drawn.current[place] ??= newPiece(lane)), piece);
    for (const { element } of drawn.current.splice(pieces.length)) element.remove();
  });
  return <div class="lane" ref={box} />;
}

interface DrawnPiece {
  readonly element: HTMLElement;
  readonly label: HTMLElement;
  className: string;
  text: string;
  left: number;
  width: number;
  nameLeft: number;
  nameRoom: number;
}

function newPiece(lane: HTMLElement): DrawnPiece {
  const element = document.createElement("div");
  const label = document.createElement("span");
  label.className = "clip";
  element.append(label);
  lane.append(element);
  const nowhere = { left: Number.NaN, width: Number.NaN, nameLeft: Number.NaN, nameRoom: Number.NaN };
  return { element, label, className: "", text: "", ...nowhere };
}

function update(drawn: DrawnPiece, piece: NamedPiece): void {
  const { element, label } = drawn;
  const className = `span ${piece.kind} ${piece.state}${piece.failed > 0 ? " partly" : ""}`;
  if (drawn.className !== className) element.className = drawn.className = className;
  const text = wordsOf(piece);
  if (drawn.text !== text) label.textContent = drawn.text = text;
  const left = tenths(piece.left);
  const width = tenths(piece.width);
  const nameLeft = tenths(piece.nameLeft);
  const nameRoom = tenths(piece.nameRoom);
  if (drawn.left !== left) element.style.left = `${(drawn.left = left)}px`;
  if (drawn.width !== width) element.style.width = `${(drawn.width = width)}px`;
  if (drawn.nameLeft !== nameLeft) label.style.marginLeft = `${(drawn.nameLeft = nameLeft)}px`;
  if (drawn.nameRoom !== nameRoom) label.style.maxWidth = `${(drawn.nameRoom = nameRoom)}px`;
}

function wordsOf(piece: NamedPiece): string {
  const mark = endMarkOf(piece.kind);
  return `${mark === "" ? "" : `${mark} `}${nameOf(piece)}`;
}

/** A sign for what did not go well, beside its colour. */
export function endMarkOf(kind: SpanKind): string {
  switch (kind) {
    case "failed":
      return "✕";
    case "error":
      return "!";
    case "skipped":
      return "–";
    case "untold":
    case "unanswered":
      return "?";
    default:
      return "";
  }
}

export function nameOf({ attempt, name }: NamedPiece): string {
  return `${name}${attempt > 1 ? ` ↻${attempt}` : ""}`;
}

/** On a long axis most pieces stay where they are from tick to tick. */
function tenths(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
