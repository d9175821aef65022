import type { WatcherState } from "../../src/protocol/now.ts";

/** Why what is shown may be late, or not whole. */
export interface Trouble {
  readonly title: string;
  readonly sentences: readonly string[];
  /** Nothing new is seen at all. */
  readonly isBad: boolean;
}

/** Null while everything is watched. `known`: the sentences of the list, until the server has told more. */
export function troubleOf(watcher: WatcherState | null, known: readonly string[]): Trouble | null {
  const sentences = [...new Set([...(watcher?.trouble ?? []), ...known])];
  if (watcher !== null && (watcher.mode === "off" || !watcher.running))
    return {
      title: "Watching is off: nothing that happens from now on is shown.",
      sentences: [
        "To follow what happens, start the viewer without --no-watch.",
        ...sentences.filter((sentence) => !sentence.startsWith("Watching is off")),
      ],
      isBad: true,
    };
  if (watcher?.mode === "sweeping")
    return {
      title: "The system does not tell of changes in some folders: they are looked through every second.",
      sentences,
      isBad: false,
    };
  return sentences.length === 0 ? null : { title: "Not everything can be seen.", sentences, isBad: false };
}
