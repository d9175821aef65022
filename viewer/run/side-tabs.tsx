import { Conversation } from "../conversation/conversation.tsx";
import { isEvaluation } from "../playback/evaluation.ts";
import { amend, type Tab, TABS } from "../ui/route.ts";
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
  return (
    <div class="side">
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
      <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`}>
        {panelOf(tab)}
      </div>
    </div>
  );
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
