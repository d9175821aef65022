import { recorded, scale } from "./axis.ts";
import { position } from "../playback/playback.ts";
import "./signs.css";
import "./sign-shape.css";

/** Marks nearer to each other than this are one. */
const ROOM_PX = 10;

/** What was marked in a coding session, over its lanes: what it says is told under the pointer, and in the details. */
export function Signs() {
  const seen = scale.value;
  const at = position.value;
  const drawn: { readonly key: string; readonly x: number; readonly look: string }[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const sign of recorded.value.signs) {
    // Errors are among what failed.
    if (sign.mark === "error" || sign.at < seen.from || sign.at > seen.to) continue;
    const x = seen.xOf(sign.at);
    if (x - last < ROOM_PX) continue;
    last = x;
    drawn.push({ key: `${sign.at} ${sign.mark}`, x, look: sign.at > at ? `${sign.mark} ahead` : sign.mark });
  }
  return (
    <div class="signs" aria-hidden="true">
      {drawn.map(({ key, look, x }) => (
        <i key={key} class={`sign-shape ${look}`} style={{ transform: `translateX(${x - 4.5}px)` }} />
      ))}
    </div>
  );
}
