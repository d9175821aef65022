import { isEvaluation } from "../playback/evaluation.ts";
import { course, position, view } from "../playback/playback.ts";
import { chosenStep } from "../steps/chosen.ts";
import { testNameOf } from "../steps/test-name.ts";
import { Glyph } from "../ui/glyph.tsx";
import { formatRoute, route, type TestName } from "../ui/route.ts";
import { type Told, useCopy } from "../ui/use-copy.ts";
import { shownTab } from "./opening.ts";
import "./copy-link.css";

/**
 * The address of what is shown now: the run, the moment, the tab, and of an
 * evaluation the test. At the live edge too, which will be another place soon.
 */
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
  const shown = { ...route.peek(), at, tab: shownTab.peek(), test: shownTest() };
  return new URL(formatRoute(shown), location.href).href;
}

/** Also where nobody chose it. */
function shownTest(): TestName | null {
  const table = view.peek()?.steps.table;
  const chosen = chosenStep.peek();
  if (!isEvaluation.peek() || table === undefined || chosen === null) return null;
  return testNameOf(table, chosen.index);
}
