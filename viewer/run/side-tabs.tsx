import { useRef } from "preact/hooks";
import { Conversation } from "../conversation/conversation.tsx";
import { isEvaluation } from "../playback/evaluation.ts";
import { amend, type Tab, TABS } from "../ui/route.ts";
import { goToRow } from "../results/go-to-row.ts";
import { useHeldTest } from "./hold-test.ts";
import { Glyph } from "../ui/glyph.tsx";
import { foldSide } from "./folded-side.ts";
import { shownTab } from "./opening.ts";
import {
  detailsPanel,
  eventsPanel,
  filesPanel,
  gradingPanel,
  testConversationPanel,
  testDetailsPanel,
} from "./panels.ts";
import "./side-tabs.css";

const NAMES: Readonly<Record<Tab, string>> = {
  grading: "Grading",
  conversation: "Conversation",
  details: "Details",
  events: "Events",
  files: "Files",
};

export function SideTabs() {
  const tab = shownTab.value;
  const tabs = TABS.filter((name) => name !== "grading" || isEvaluation.value);
  const choose = (next: Tab) => {
    amend({ tab: next });
    document.getElementById(`tab-${next}`)?.focus();
  };
  const panel = useRef<HTMLDivElement>(null);
  useHeldTest(panel);
  return (
    // What is pressed within it lies on controls of its own.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div class="side" onKeyDown={backToRow}>
      <div class="tabs-line">
        <div class="tabs" role="tablist" aria-label="Parts of the run">
          {tabs.map((name, index) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-selected={name === tab}
              aria-controls="tab-panel"
              tabIndex={name === tab ? 0 : -1}
              onClick={() => amend({ tab: name })}
              onKeyDown={(event) => {
                const next = targetOf(event.key, index, tabs);
                if (next === null) return;
                event.preventDefault();
                choose(next);
              }}
            >
              {NAMES[name]}
            </button>
          ))}
        </div>
        {isEvaluation.value && (
          <button
            type="button"
            class="side-close"
            aria-label="Back to the tests"
            title="Back to the tests"
            onClick={() => {
              goToRow("chosen");
              foldSide();
            }}
          >
            <Glyph name="cross" />
          </button>
        )}
      </div>
      <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`} ref={panel}>
        {panelOf(tab)}
      </div>
    </div>
  );
}

/** From a test's parts back to its row, where nothing under the focus wants Escape for itself. */
function backToRow(event: KeyboardEvent): void {
  const { defaultPrevented, key, target } = event;
  if (key !== "Escape" || defaultPrevented || !isEvaluation.peek()) return;
  if (!(target instanceof Element) || target.closest("input, textarea, select, dialog") !== null) return;
  goToRow("chosen");
}

function panelOf(tab: Tab) {
  switch (tab) {
    case "grading":
      return <gradingPanel.Panel />;
    case "conversation":
      return isEvaluation.value ? <testConversationPanel.Panel /> : <Conversation />;
    case "details":
      return isEvaluation.value ? <testDetailsPanel.Panel /> : <detailsPanel.Panel />;
    case "events":
      return <eventsPanel.Panel />;
    case "files":
      return <filesPanel.Panel />;
  }
}

function targetOf(key: string, index: number, tabs: readonly Tab[]): Tab | null {
  switch (key) {
    case "ArrowRight":
      return tabs[(index + 1) % tabs.length] ?? null;
    case "ArrowLeft":
      return tabs[(index + tabs.length - 1) % tabs.length] ?? null;
    case "Home":
      return tabs[0] ?? null;
    case "End":
      return tabs.at(-1) ?? null;
    default:
      return null;
  }
}
