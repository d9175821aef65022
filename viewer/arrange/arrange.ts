export { ArrangeBar } from "./arrange-bar.tsx";
export { GroupedRuns } from "./grouped-runs.tsx";
