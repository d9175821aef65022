import { useEffect, useState } from "preact/hooks";

export interface Note {
  readonly words: string;
}

const NOTE_MS = 4000;

/** What came of a press, for a moment. Never taken out of the page, so that it is read out. */
export function GraphNote({ note }: { readonly note: Note | null }) {
  const [past, setPast] = useState<Note | null>(null);
  useEffect(() => {
    if (note === null) return undefined;
    const timer = setTimeout(() => setPast(note), NOTE_MS);
    return () => clearTimeout(timer);
  }, [note]);
  return (
    <p class="graph-note" role="status" aria-label="Graph">
      {note !== null && note !== past && note.words}
    </p>
  );
}
