import { lazyPart } from "../text/lazy-part.ts";

/** What draws an opened tool call: changes, terminals, values. It comes in a quiet moment, or with the first one opened. */
export const toolBody = lazyPart(() => import("./tool-body.tsx"));
