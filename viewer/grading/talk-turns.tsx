import { useEffect, useRef } from "preact/hooks";
import { EntryView } from "../conversation/entry-view.tsx";
import { showWords } from "../conversation/show-words.ts";
import { entryOf, type Sought } from "../conversation/sought.ts";
import type { TalkView } from "./talk-pictures.ts";
import "./talk-turns.css";

interface Props {
  readonly talk: TalkView;
  readonly sought: Sought | null;
}

/** What was said in a test, all of it long ago. */
export function TalkTurns({ sought: wanted, talk: { turns } }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const line = wanted === null ? null : entryOf(turns, wanted);
  useEffect(() => {
    const element = line === null ? null : list.current?.querySelector(`[data-line="${line}"]`);
    return element == null || wanted === null ? undefined : showWords(element, wanted.words);
  }, [wanted, line]);
  return (
    <div class="talk-turns" ref={list}>
      {turns.map(({ entries, number }) => (
        <section key={number} class="turn">
          {(turns.length > 1 || number > 1) && <h3 class="turn-label">Turn {number}</h3>}
          {entries.map((entry) => (
            <div key={entry.line} data-line={entry.line}>
              <EntryView
                entry={entry}
                rest={false}
                alive={false}
                streaming={false}
                newest={false}
                isSought={entry.line === line}
              />
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}
