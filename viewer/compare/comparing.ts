/** What comparing needs, as one part of the page that is loaded when somebody compares. */
export { ChooseRun } from "./choose-run.tsx";
export { Compare } from "./compare.tsx";
export { startCompare } from "./shown.ts";
export { Trend } from "./trend.tsx";
