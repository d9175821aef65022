import { computed, signal } from "@preact/signals";
import { Graph } from "../graph/graph.tsx";
import { isCoding } from "../playback/coding.ts";
import { isEvaluation } from "../playback/evaluation.ts";
import { openRun } from "../playback/playback.ts";
import { Steps } from "../steps/steps.tsx";
import { keptChoice } from "../ui/kept-choice.ts";
import { resultsPanel, turnsPanel } from "./panels.ts";
import "./middle.css";

/** What fits this kind of run: an evaluation's results, a coding session's turns, or the graph of a flow, or its steps. */
const MIDDLES = ["graph", "steps"] as const;
type MiddleKind = (typeof MIDDLES)[number];

const NAMES: Readonly<Record<MiddleKind, string>> = { graph: "Graph", steps: "Steps" };

const kept = keptChoice("runreel.middle", MIDDLES, "graph");
const wanted = signal<MiddleKind>(kept.read());

const hasGraph = computed(() => Object.keys(openRun.value?.flow?.nodes ?? {}).length > 0);

export function Middle() {
  // Its steps are its tests: the table tells all that their list would.
  if (isEvaluation.value)
    return (
      <div class="run-middle">
        <resultsPanel.Panel />
      </div>
    );
  if (isCoding.value)
    return (
      <div class="run-middle">
        <turnsPanel.Panel />
      </div>
    );
  const shown = hasGraph.value ? wanted.value : "steps";
  return (
    <div class={hasGraph.value && shown === "steps" ? "run-middle has-list" : "run-middle"}>
      {hasGraph.value && <MiddleSwitch shown={shown} />}
      {shown === "graph" ? <Graph /> : <Steps />}
    </div>
  );
}

function MiddleSwitch({ shown }: { readonly shown: MiddleKind }) {
  return (
    <fieldset class="middle-switch">
      <legend class="hidden">Show the run as</legend>
      {MIDDLES.map((kind) => (
        <label key={kind}>
          <input
            type="radio"
            name="middle"
            class="hidden"
            checked={kind === shown}
            onChange={() => {
              wanted.value = kind;
              kept.write(kind);
            }}
          />
          <span>{NAMES[kind]}</span>
        </label>
      ))}
    </fieldset>
  );
}
