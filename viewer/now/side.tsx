import { signal } from "@preact/signals";
import { keptChoice } from "../ui/kept-choice.ts";
import { History } from "./history.tsx";
import { Latency } from "./latency.tsx";
import { Shares } from "./shares.tsx";
import { stats } from "./shown.ts";
import "./side.css";

const TABS = ["latency", "project", "model", "history"] as const;
type Tab = (typeof TABS)[number];

const kept = keptChoice("runreel.now-tab", TABS, "latency");
const chosen = signal(kept.read());

function choose(tab: Tab): void {
  chosen.value = tab;
  kept.write(tab);
}

/** What there is to know beside what happens. */
export function Side() {
  const tab = chosen.value;
  return (
    <div class="now-side">
      <div class="tabs" role="tablist" aria-label="Figures">
        {TABS.map((name, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`now-tab-${name}`}
            aria-selected={name === tab}
            aria-controls="now-panel"
            tabIndex={name === tab ? 0 : -1}
            onClick={() => choose(name)}
            onKeyDown={(event) => {
              const next = targetOf(event.key, index);
              if (next === undefined) return;
              event.preventDefault();
              choose(next);
              document.getElementById(`now-tab-${next}`)?.focus();
            }}
          >
            {wordOf(name)}
          </button>
        ))}
      </div>
      <div class="now-panel" role="tabpanel" id="now-panel" aria-labelledby={`now-tab-${tab}`} tabIndex={0}>
        {panelOf(tab)}
      </div>
    </div>
  );
}

function wordOf(tab: Tab): string {
  switch (tab) {
    case "latency":
      return `Tool latency, ${stats.value?.latency_hours ?? 24} h`;
    case "project":
      return "By project";
    case "model":
      return "By model";
    case "history":
      return "History";
  }
}

function panelOf(tab: Tab) {
  switch (tab) {
    case "latency":
      return <Latency />;
    case "project":
      return <Shares of="project" />;
    case "model":
      return <Shares of="model" />;
    case "history":
      return <History />;
  }
}

function targetOf(key: string, index: number): Tab | undefined {
  switch (key) {
    case "ArrowRight":
      return TABS[(index + 1) % TABS.length];
    case "ArrowLeft":
      return TABS[(index + TABS.length - 1) % TABS.length];
    case "Home":
      return TABS[0];
    case "End":
      return TABS.at(-1);
    default:
      return undefined;
  }
}
