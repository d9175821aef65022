import { computed, effect, signal } from "@preact/signals";
import { isEvaluation } from "../playback/evaluation.ts";
import { indexed, jumps, life, moment, openRunId } from "../playback/playback.ts";
import type { Picture } from "../playback/picture.ts";
import { isSameData } from "../ui/same-data.ts";
import type { Scope } from "../ui/scope-switch.tsx";
import { chosenStep } from "../steps/chosen.ts";
import { type FilesView, filesAt, MOST_PORTIONS } from "./files-at.ts";
import { testFilesAt } from "./test-files-at.ts";

/** The files as of the playhead, how many of them somebody wants to see, and which of them is open. */

export type OpenedFile =
  /** What it is called is told by the moment it is looked at from; `since` is the first line that names it. */
  | {
      readonly is: "artifact";
      readonly path: string;
      readonly mediaType: string | null;
      readonly since: number;
    }
  /** A file of the bundle, which is as it stands now. */
  | { readonly is: "own"; readonly path: string; readonly title: string };

const portions = signal(1);
const opened = signal<(OpenedFile & { readonly life: typeof life.value }) | null>(null);
const NOTHING: Picture<FilesView> = { value: null, isReady: false, parts: [] };

/** Of an evaluation: the chosen test's files, or those of all tests. Of other runs there are all. */
const chosenScope = signal<Scope>("test");
export const scope = computed((): Scope => (isEvaluation.value ? chosenScope.value : "all"));

export function setScope(next: Scope): void {
  chosenScope.value = next;
}

let last: FilesView | null = null;
export const files = computed((): Picture<FilesView> => {
  const known = indexed.value;
  if (known === null) return NOTHING;
  const step = scope.value === "test" ? (chosenStep.value?.index ?? null) : null;
  const picture =
    step === null
      ? filesAt(known.run, known.index, moment.value, portions.value)
      : testFilesAt(known.run, known.index, step, moment.value);
  if (picture.value === null) return picture;
  // Most lines name no file: the list stays the very same.
  if (!isSameData(last, picture.value)) last = picture.value;
  return { ...picture, value: last };
});

/** The open file, for as long as it is known at the playhead: before, there is only the list. */
export const openedFile = computed((): OpenedFile | null => {
  const file = opened.value;
  const known = indexed.value;
  if (file === null || known === null || file.life !== life.value) return null;
  if (file.is === "own") return moment.value === Number.POSITIVE_INFINITY ? file : null;
  const lines = known.index.trace.times.knownAt(moment.value);
  return lines === undefined || lines > file.since ? file : null;
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

/** May more be asked for? */
export const hasMore = computed(() => portions.value < MOST_PORTIONS);

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
