import { computed } from "@preact/signals";
import { isLive } from "../../src/protocol/going-on.ts";
import { runs } from "../live/state.ts";
import { now } from "../playback/now.ts";
import { go, isPlainClick, route } from "../ui/route.ts";
import "./now-link.css";

/** Only a silence that grows old changes it by itself. */
const minute = computed(() => Math.floor(now.value / 60_000) * 60_000);
export const activeRuns = computed(() =>
  Object.values(runs.value?.runsById ?? {}).filter((run) => isLive(run, minute.value)),
);

/** The way to what happens now, and how much of it there is. */
export function NowLink({ chosen }: { readonly chosen: () => void }) {
  const count = activeRuns.value.length;
  const isHere = route.value.page === "now";
  return (
    <nav aria-label="Now">
      <a
        class="now-link"
        href="/now"
        aria-current={isHere ? "page" : undefined}
        onClick={(event) => {
          if (!isPlainClick(event)) return;
          event.preventDefault();
          if (!isHere) go({ page: "now", runId: null, at: null, tab: null });
          chosen();
        }}
      >
        <i class={count > 0 ? "now-dot going" : "now-dot"} />
        Now
        <span class="num">
          {count}
          <span class="hidden"> active</span>
        </span>
      </a>
    </nav>
  );
}
