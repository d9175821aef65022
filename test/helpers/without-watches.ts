import { refuseWatches } from "./refused-watches.ts";

/** Imported before a viewer: it then lives on a system that watches nothing for it. */
refuseWatches();
