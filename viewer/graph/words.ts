import { humanise, plural } from "../ui/format.ts";
import type { FlowNode } from "./flow-graph.ts";
import type { NodeState } from "./picture.ts";

/** How a node stands, in a word. `ended`: how its attempt ended, if it did. */
function stateWord(state: NodeState, ended: string): string {
  switch (state) {
    case "unknown":
      return "not known yet";
    case "not_reached":
      return "not reached yet";
    case "current":
      return "running";
    case "waiting":
      return "waiting for someone";
    case "unfinished":
      return "not finished";
    case "visited":
    case "failed":
    case "interrupted":
      return ended.toLowerCase();
  }
}

/** What kind of node it is, all of it: "agent", "decision", "start". */
export function kindWords(node: FlowNode): string[] {
  const words = [node.kindWord];
  if (node.isDecision) words.push("decision");
  if (node.isStart) words.push("start");
  if (node.isEnd) words.push("end");
  return words;
}

/** A node's name for who does not see it: "Judge, agent, decision, done, 2 attempts". */
export function nodeName(node: FlowNode, state: NodeState, ended: string, attempts: number | null): string {
  const words = [humanise(node.id), ...kindWords(node), stateWord(state, ended)];
  if (attempts !== null && attempts > 0) words.push(plural(attempts, "attempt"));
  return words.join(", ");
}
