import { position } from "../playback/playback.ts";
import { duration } from "../ui/format.ts";

/** How long something has gone on by the playhead. It changes all the time, and is nothing to be told of. */
export function RunningTime({ since }: { readonly since: number }) {
  return (
    <span class="num" aria-live="off">
      {duration(position.value - since)}
    </span>
  );
}
