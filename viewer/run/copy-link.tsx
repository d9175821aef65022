import { course, position } from "../playback/playback.ts";
import { Glyph } from "../ui/glyph.tsx";
import { formatRoute, route } from "../ui/route.ts";
import { type Told, useCopy } from "../ui/use-copy.ts";
import { shownTab } from "./opening.ts";
import "./copy-link.css";

/** The address of what is shown now: the run, the moment, the tab. At the live edge too, which will be another place soon. */
export function CopyLink() {
  const { copy, told } = useCopy(linkToNow);
  return (
    <span class="copy-link">
      <button
        type="button"
        class="button"
        title="Copy a link to this moment"
        aria-label="Copy link"
        onClick={copy}
      >
        <Glyph name="link" />
        <span class="copy-link-word">Copy link</span>
      </button>
      <span role="status" class={told === "nothing" ? "hidden" : "copy-told"}>
        {wordOf(told)}
      </span>
    </span>
  );
}

function wordOf(told: Told): string {
  switch (told) {
    case "nothing":
      return "";
    case "copied":
      return "Copied";
    case "failed":
      return "The browser did not let it be copied";
  }
}

function linkToNow(): string {
  const at = Math.max(0, Math.floor(position.peek() - course.peek().start));
  return new URL(formatRoute({ ...route.peek(), at, tab: shownTab.peek() }), location.href).href;
}
