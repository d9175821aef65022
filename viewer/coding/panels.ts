/** What only coding sessions show: one part of the page. */
export { CodingFacts } from "./header-facts.tsx";
export { Turns } from "./turns.tsx";
