import type { Attempt } from "../playback/step-table.ts";
import type { Standing } from "./standing.ts";

/** What a row of the list of steps is given: figures rather than an object, so that it is drawn again only when one changes. */
export interface RowProps extends Attempt {
  /** Its place in the step table. */
  readonly place: number;
  /** The one whose details are shown. */
  readonly isChosen: boolean;
  readonly standing: Standing;
}
