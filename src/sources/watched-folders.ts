/** Told that something at `path` may have changed. Never what, and never reliably. */
export type Wake = (path: string) => void;

export interface WatchedFolders {
  /**
   * Watches one more folder, not what lies deeper. Watching it twice is once. One
   * that is not there, or cannot be watched, is not: add it again when it may be.
   * False when it is known by now that nothing will be heard of it.
   */
  add(dir: string): boolean;
  close(): Promise<void>;
}

/** When a fresh watch is surely at work; the later one for a busy machine. */
export const SET_UP_MS = [50, 500];
