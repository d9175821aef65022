import { amend } from "../ui/route.ts";
import { PartLine } from "./part-line.tsx";
import type { TalkView } from "./talk-pictures.ts";
import { TalkTurns } from "./talk-turns.tsx";
import "./talk-start.css";

/** What was said first in a test, and the way to the rest. */
export function TalkStart({ talk }: { readonly talk: TalkView }) {
  if (talk.turns.length === 0) return null;
  return (
    <section class="talk-start" aria-label="Conversation">
      <PartLine>Conversation</PartLine>
      <TalkTurns talk={talk} sought={null} />
      {talk.isMore && (
        <button type="button" class="button" onClick={showAll}>
          Whole conversation
        </button>
      )}
    </section>
  );
}

function showAll(): void {
  amend({ tab: "conversation" });
  document.getElementById("tab-conversation")?.focus();
}
