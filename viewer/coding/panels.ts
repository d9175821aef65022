/** What only coding sessions show: one part of the page. */
export { CodingFacts } from "./header-facts.tsx";
export { SessionSwitch } from "./session-switch.tsx";
export { Turns } from "./turns.tsx";
export { Signs } from "../timeline/signs.tsx";
