import type { NodeKind } from "./flow-graph.ts";
import { NODE_HEIGHT as H, NODE_WIDTH as W } from "./layout.ts";

/** The outline that tells a node's kind: an agent's is round, an action's square, a compute's pointed, a checkpoint's cut. */
export function outlineOf(kind: NodeKind): string {
  switch (kind) {
    case "acp":
      return rounded(10);
    case "action":
      return rounded(1.5);
    case "compute":
      return `M12 0H${W - 12}L${W} ${H / 2}L${W - 12} ${H}H12L0 ${H / 2}Z`;
    case "checkpoint":
      return `M12 0H${W - 12}L${W} 12V${H - 12}L${W - 12} ${H}H12L0 ${H - 12}V12Z`;
    case "other":
      return rounded(5);
  }
}

/** A stripe of the kind's colour inside the outline's left edge. */
export function stripeOf(kind: NodeKind): string {
  switch (kind) {
    case "compute":
      return `M11.5 9L3.2 ${H / 2}L11.5 ${H - 9}`;
    case "acp":
    case "action":
    case "checkpoint":
    case "other":
      return `M2 15V${H - 15}`;
  }
}

function rounded(r: number): string {
  return `M${r} 0H${W - r}Q${W} 0 ${W} ${r}V${H - r}Q${W} ${H} ${W - r} ${H}H${r}Q0 ${H} 0 ${H - r}V${r}Q0 0 ${r} 0Z`;
}
