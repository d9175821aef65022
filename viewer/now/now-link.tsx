import { computed } from "@preact/signals";
import { isActive, isLive } from "../../src/protocol/going-on.ts";
import { runs } from "../live/state.ts";
import { minute } from "../playback/now.ts";
import { go, isPlainClick, route } from "../ui/route.ts";
import "./now-link.css";

/** What the list has under "Live". */
export const liveRuns = computed(() =>
  Object.values(runs.value?.runsById ?? {}).filter((run) => isLive(run, minute.value)),
);
/** As many as the list finds with "Active". */
export const activeCount = computed(() => liveRuns.value.filter((run) => isActive(run, minute.value)).length);

/** The way to what happens now, and how much of it there is. */
export function NowLink({ chosen }: { readonly chosen: () => void }) {
  const count = activeCount.value;
  const isHere = route.value.page === "now";
  return (
    <nav aria-label="Pages">
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
