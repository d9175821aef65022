/** What only coding sessions show: one part of the page. */
export { CodingFacts } from "./header-facts.tsx";
export { SessionTotals } from "./session-section.tsx";
export { SessionSwitch } from "./session-switch.tsx";
export { TurnSections } from "./turn-sections.tsx";
export { Turns } from "./turns.tsx";
export { Signs } from "../timeline/signs.tsx";
