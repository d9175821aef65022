/** A folder in which runs are looked for, as long as the viewer runs. */
export interface Root {
  readonly dir: string;
  /**
   * `type`s of the only sources whose runs are looked for there, and on their ways below it alone.
   * Undefined: those of all sources; it may itself be a run, too.
   */
  readonly sources?: readonly string[];
  /** Nobody named it: that it is not there is no news. */
  readonly isQuiet?: boolean;
}
