import { lazyPanel } from "../ui/lazy-panel.tsx";

/** What only evaluations need is loaded when somebody asks for it. */

export const comparePanel = lazyPanel("the comparison", async () => {
  const { Compare, startCompare } = await import("./comparing.ts");
  startCompare();
  return Compare;
});

export const choosePanel = lazyPanel("the runs to compare with", async () => {
  const { ChooseRun } = await import("./comparing.ts");
  return ChooseRun;
});

export const trendPanel = lazyPanel("the trend", async () => {
  const { Trend } = await import("./comparing.ts");
  return Trend;
});
