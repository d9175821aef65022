import { lazyPart } from "../text/lazy-part.ts";

/** What only coding sessions show is loaded with the first of them. */
export const codingPart = lazyPart(() => import("./panels.ts"));
