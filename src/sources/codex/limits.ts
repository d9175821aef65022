import type { PlanLimit } from "../../protocol/plan-limit.ts";
import { type Fields, fieldsOf, textOf, timeOf } from "./record.ts";

const WINDOWS = ["primary", "secondary"] as const;

/** How much of the plan was used up, as a record of this time tells it. */
export function limitsIn(told: Fields | null, at: number): readonly PlanLimit[] {
  if (told === null) return [];
  const prefix = prefixOf(told);
  return WINDOWS.flatMap((name) => {
    const window = fieldsOf(told[name]);
    const usedPercent = window["used_percent"] ?? window["usedPercent"] ?? told[`${name}_used_percent`];
    if (typeof usedPercent !== "number" || !Number.isFinite(usedPercent)) return [];
    const minutes =
      window["window_minutes"] ?? window["windowDurationMins"] ?? told[`${name}_window_minutes`];
    return [
      {
        name: prefix + name,
        usedPercent,
        windowMinutes: typeof minutes === "number" && minutes > 0 ? minutes : null,
        resetsAt: resetOf(window, at),
        at,
      },
    ];
  });
}

/** A plan may have limits of its own for a model. */
function prefixOf(told: Fields): string {
  const id = textOf(told["limit_id"]);
  return id === null || id === "codex" ? "" : `${textOf(told["limit_name"]) ?? id} `;
}

function resetOf(window: Fields, at: number): number | null {
  const stamp = window["resets_at"] ?? window["reset_at"] ?? window["resetsAt"];
  if (typeof stamp === "number") return stamp * 1_000;
  if (typeof stamp === "string") return timeOf(stamp);
  const seconds = window["resets_in_seconds"];
  return typeof seconds === "number" ? at + seconds * 1_000 : null;
}
