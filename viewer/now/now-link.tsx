import { go, isPlainClick, route } from "../ui/route.ts";
import { liveCount } from "./live-runs.ts";
import "./now-link.css";

/** The way to what happens now, and how much of it there is. */
export function NowLink({ chosen }: { readonly chosen: () => void }) {
  const count = liveCount.value.active;
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
