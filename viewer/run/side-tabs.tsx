import { Conversation } from "../conversation/conversation.tsx";
import { amend, type Tab, TABS } from "../ui/route.ts";
import { shownTab } from "./opening.ts";
import { detailsPanel, eventsPanel, filesPanel } from "./panels.ts";
import "./side-tabs.css";

const NAMES: Readonly<Record<Tab, string>> = {
  conversation: "Conversation",
  details: "Details",
  events: "Events",
  files: "Files",
};

export function SideTabs() {
  const tab = shownTab.value;
  const choose = (next: Tab) => {
    amend({ tab: next });
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="side">
      <div class="tabs" role="tablist" aria-label="Parts of the run">
        {TABS.map((name, index) => (
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
              const next = targetOf(event.key, index);
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
    case "conversation":
      return <Conversation />;
    case "details":
      return <detailsPanel.Panel />;
    case "events":
      return <eventsPanel.Panel />;
    case "files":
      return <filesPanel.Panel />;
  }
}

function targetOf(key: string, index: number): Tab | null {
  switch (key) {
    case "ArrowRight":
      return TABS[(index + 1) % TABS.length] ?? null;
    case "ArrowLeft":
      return TABS[(index + TABS.length - 1) % TABS.length] ?? null;
    case "Home":
      return TABS[0];
    case "End":
      return TABS.at(-1) ?? null;
    default:
      return null;
  }
}
