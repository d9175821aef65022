import { computed, effect, signal } from "@preact/signals";
import { indexed, jumps, life, moment, openRunId } from "../playback/playback.ts";
import type { Picture } from "../playback/picture.ts";
import { isSameData } from "../ui/same-data.ts";
import { type FilesView, filesAt } from "./files-at.ts";

/** The files as of the playhead, how many of them somebody wants to see, and which of them is open. */

export interface OpenedFile {
  readonly path: string;
  readonly mediaType: string | null;
  readonly title: string;
  /** The line of the trace that names it; null is a file of the bundle, which is as it stands now. */
  readonly line: number | null;
}

const portions = signal(1);
const opened = signal<(OpenedFile & { readonly life: typeof life.value }) | null>(null);
const NOTHING = { value: null, isReady: false, parts: [] } as const;

let last: Picture<FilesView> = NOTHING;
export const files = computed((): Picture<FilesView> => {
  const known = indexed.value;
  const next = known === null ? NOTHING : filesAt(known.run, known.index, moment.value, portions.value);
  if (!isSameData(last, next)) last = next;
  return last;
});

/** The open file, for as long as it is known at the playhead: before, there is only the list. */
export const openedFile = computed((): OpenedFile | null => {
  const file = opened.value;
  const known = indexed.value;
  if (file === null || known === null || file.life !== life.value) return null;
  const { line } = file;
  if (line === null) return moment.value === Number.POSITIVE_INFINITY ? file : null;
  const at = known.index.trace.times.knownAt(moment.value);
  return at === undefined || at > line ? file : null;
});

/** What somebody just did, until the place they came to has taken the keyboard's focus. */
type Arrival = { readonly to: "file" } | { readonly to: "list"; readonly from: string };
let arrival: Arrival | null = null;

/** Null: whoever is shown this has come some other way, and keeps their focus. */
export function takeArrival(): Arrival | null {
  const taken = arrival;
  arrival = null;
  return taken;
}

export function openFile(file: OpenedFile): void {
  arrival = { to: "file" };
  opened.value = { ...file, life: life.peek() };
}

export function closeFile(): void {
  const file = opened.peek();
  arrival = file === null ? null : { to: "list", from: file.path };
  opened.value = null;
}

export function showEarlier(): void {
  portions.value += 1;
}

/** At another moment, or in another run, it begins with its newest part again. */
export function startFiles(): void {
  effect(() => {
    void jumps.value;
    void openRunId.value;
    portions.value = 1;
  });
}
