import { EntryView } from "../conversation/entry-view.tsx";
import { amend } from "../ui/route.ts";
import { PartLine } from "./part-line.tsx";
import type { TalkStart } from "./talk-start.ts";
import "./talk-start-view.css";

/** What was said first in a test, and the way to the rest. */
export function TalkStartView({ talk: { entries, isMore } }: { readonly talk: TalkStart }) {
  if (entries.length === 0) return null;
  return (
    <section aria-label="Conversation">
      <PartLine>Conversation</PartLine>
      <div class="talk-start">
        {entries.map((entry) => (
          <EntryView
            key={entry.line}
            entry={entry}
            rest={false}
            alive={false}
            streaming={false}
            newest={false}
            isSought={false}
          />
        ))}
        {isMore && (
          <button type="button" class="button" onClick={showAll}>
            Whole conversation
          </button>
        )}
      </div>
    </section>
  );
}

function showAll(): void {
  amend({ tab: "conversation" });
  document.getElementById("tab-conversation")?.focus();
}
