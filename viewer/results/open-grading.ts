import { amend, TABS } from "../ui/route.ts";

const GRADING: string = "grading";

/** To the graders of the chosen test: its tab, and with it the keyboard. */
export function openGrading(): void {
  const tab = TABS.find((name) => name === GRADING) ?? "details";
  amend({ tab });
  document.getElementById(`tab-${tab}`)?.focus();
}
