import { drawn } from "./drawn.ts";
import { wordsOf } from "./lane-view.tsx";
import type { CutPiece } from "./pieces.ts";
import "./cut-parts.css";

/** What a span that failed shows where it has no room for its name. */
const CROSS = "✕";
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
  const { box, pieces } = drawn.value;
  return (
    <div class={`cut-parts ${layer}`} style={{ clipPath: `inset(0 0 0 ${from}px)` }}>
      {pieces.map(({ cut }, row) =>
        cut.map((piece, place) => {
          const words = layer === "names" ? cutWords(piece) : "";
          if (layer === "names" && words === "") return null;
          const { height, left, top, width } = { ...piece, top: box.top(row), height: box.bar };
          const look = layer === "bars" ? `${piece.kind}${piece.failed > 0 ? " partly" : ""}` : "";
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
              {words !== "" && (
                <span
                  class="clip"
                  style={
                    piece.name === ""
                      ? { margin: "auto" }
                      : { marginLeft: `${piece.nameLeft}px`, maxWidth: `${piece.nameRoom}px` }
                  }
                >
                  {words}
                </span>
              )}
            </div>
          );
        }),
      )}
    </div>
  );
}

function cutWords(piece: CutPiece): string {
  if (piece.name !== "") return wordsOf(piece);
  return piece.kind === "failed" && piece.width >= CROSS_ROOM_PX ? CROSS : "";
}
