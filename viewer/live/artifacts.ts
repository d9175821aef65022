import { type ReadonlySignal, signal } from "@preact/signals";
import { fileAddress } from "./file-address.ts";

/**
 * The texts of a run's files, as far as somebody looks at them. Of a long file
 * its beginning is read and the rest is never sent. A file named by a line of the
 * trace never changes, so it is read once and kept; the texts that nobody has
 * looked at for longest are let go.
 */

export type FileText =
  | { readonly kind: "loading" }
  | { readonly kind: "text"; readonly text: string; readonly isWhole: boolean }
  /** It is no text. */
  | { readonly kind: "binary" }
  /** Why, as a sentence. */
  | { readonly kind: "failed"; readonly message: string };

/** What is read of a file. */
export const MOST_BYTES = 262_144;
const MOST_FILES = 80;
const LOADING: FileText = { kind: "loading" };

/** A file that is read while somebody holds it. */
export class TextOfFile {
  readonly #address: string;
  readonly #fetch: typeof fetch;
  readonly #text = signal<FileText>(LOADING);
  #holders = 0;
  #asking: AbortController | null = null;

  constructor(address: string, fetchIt: typeof fetch) {
    this.#address = address;
    this.#fetch = fetchIt;
  }

  get text(): ReadonlySignal<FileText> {
    return this.#text;
  }

  get isHeld(): boolean {
    return this.#holders > 0;
  }

  /** Asks for it where that has not been done; what is given back is to be called when nobody looks any more. */
  hold(): () => void {
    this.#holders += 1;
    if (this.#text.peek().kind === "loading" && this.#asking === null) void this.#ask();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holders -= 1;
      // Who scrubs passes many files by.
      if (this.#holders === 0) this.#asking?.abort();
    };
  }

  /** Asks once more: for one that did not come, or one that may have changed. */
  retry(): void {
    this.#asking?.abort();
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    if (this.#text.peek().kind === "failed") this.#text.value = LOADING;
    const text = await readText(this.#fetch, this.#address, asking.signal);
    if (this.#asking !== asking) return;
    this.#asking = null;
    if (!asking.signal.aborted) this.#text.value = text;
    // Somebody came back while it was being broken off.
    else if (this.#holders > 0) void this.#ask();
  }
}

export class FileTexts {
  readonly #fetch: typeof fetch;
  /** The one asked for longest ago first. */
  readonly #files = new Map<string, TextOfFile>();

  constructor(fetchIt: typeof fetch) {
    this.#fetch = fetchIt;
  }

  of(runId: string, path: string): TextOfFile {
    const address = fileAddress(runId, path);
    const file = this.#files.get(address) ?? new TextOfFile(address, this.#fetch);
    this.#files.delete(address);
    this.#files.set(address, file);
    for (const [key, old] of this.#files) {
      if (this.#files.size <= MOST_FILES) break;
      if (!old.isHeld && old !== file) this.#files.delete(key);
    }
    return file;
  }
}

const texts = new FileTexts((...asked) => fetch(...asked));

/** A file that a line of the trace has named. */
export function artifactText(runId: string, path: string): TextOfFile {
  return texts.of(runId, path);
}

/** A file as it stands now. */
export function presentText(runId: string, path: string): TextOfFile {
  return new TextOfFile(fileAddress(runId, path), (...asked) => fetch(...asked));
}

async function readText(fetchIt: typeof fetch, address: string, aborted: AbortSignal): Promise<FileText> {
  try {
    const response = await fetchIt(address, { signal: aborted });
    if (response.status === 404) return failed("The run has no such file any more.");
    if (!response.ok) return failed("The viewer could not read this file.");
    return textOf(await beginningOf(response));
  } catch {
    return failed("This file could not be loaded: the viewer did not answer.");
  }
}

function failed(message: string): FileText {
  return { kind: "failed", message };
}

interface Beginning {
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

async function beginningOf(response: Response): Promise<Beginning> {
  const reader = response.body?.getReader();
  const bytes = new Uint8Array(MOST_BYTES);
  let length = 0;
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) return { bytes: bytes.subarray(0, length), isWhole: true };
    const room = MOST_BYTES - length;
    bytes.set(part.value.subarray(0, room), length);
    length += Math.min(room, part.value.length);
    if (part.value.length <= room) continue;
    await reader?.cancel();
    return { bytes, isWhole: false };
  }
}

/** A file with a zero byte is no text. Of a character that is cut in two nothing is shown. */
function textOf({ bytes, isWhole }: Beginning): FileText {
  if (bytes.includes(0)) return { kind: "binary" };
  const text = new TextDecoder().decode(bytes, { stream: !isWhole });
  return { kind: "text", text, isWhole };
}
