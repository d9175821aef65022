import { drawn } from "./drawn.ts";
import { endMarkOf, nameOf } from "./lane-view.tsx";
import type { CutPiece } from "./pieces.ts";
import "./cut-parts.css";

const CROSS_ROOM_PX = 14;

interface Props {
  /** Pixels up to the playhead: what is left of it is not drawn here. */
  readonly from: number;
  /** The hatching lies between the two. */
  readonly layer: "bars" | "names";
}

/**
 * The spans that the playhead cuts, drawn again as they are recorded. Only what
 * lies ahead of the playhead is seen of them, so as it moves nothing is drawn anew.
 */
export function CutParts({ from, layer }: Props) {
  const { box, pieces, seen } = drawn.value;
  return (
    <div class="cut-parts" style={{ clipPath: `inset(0 0 0 ${from}px)` }}>
      {pieces.map(({ cut }, row) =>
        cut.map((piece, place) => {
          const look = layer === "bars" ? `${piece.kind}${piece.failed > 0 ? " partly" : ""}` : "";
          const [left, top, width, height] = [piece.left, box.top(row), piece.width, box.bar];
          return (
            <div
              key={`${row} ${place}`}
              class={`cut-part ${look}`}
              style={{
                left: `${left}px`,
                top: `${top}px`,
                width: `${width}px`,
                height: `${height}px`,
                lineHeight: `${height}px`,
              }}
            >
              {layer === "names" && box.hasNames && <Names piece={piece} room={seen.width} />}
            </div>
          );
        }),
      )}
    </div>
  );
}

/** The name stands where it stands in the part that has passed. How it ended stands at its end. */
function Names({ piece, room }: { readonly piece: CutPiece; readonly room: number }) {
  const { kind, left, name, nameLeft, nameRoom, width } = piece;
  const endMark = endMarkOf(kind);
  return (
    <>
      {name !== "" && (
        <span class="clip" style={{ marginLeft: `${nameLeft}px`, maxWidth: `${nameRoom}px` }}>
          {nameOf(piece)}
        </span>
      )}
      {endMark !== "" && width >= CROSS_ROOM_PX && (
        <i style={{ marginRight: `${Math.max(0, left + width - room)}px` }}>{endMark}</i>
      )}
    </>
  );
}
