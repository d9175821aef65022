import { useSignal } from "@preact/signals";
import { attemptOfTurn, type Attempts } from "../timeline/attempts.ts";
import { conversationOf, extent, view } from "../playback/playback.ts";
import { isMoving } from "../playback/run-clock.ts";
import { useFollowScroll } from "../ui/follow-scroll.ts";
import { clock, humanise } from "../ui/format.ts";
import type { Conversation as SessionConversation } from "./entry.ts";
import { EntryView } from "./entry-view.tsx";
import { newestTurns, type TurnWindow } from "./window.ts";
import "./conversation.css";

const PORTION = 200;

export function Conversation() {
  const limit = useSignal(PORTION);
  const current = view.value;
  const { box, hasNews, onScroll, toEnd } = useFollowScroll(current?.sessions);
  if (current === null) return null;
  const sessions = current.sessions.map(({ events, id }) => ({
    id,
    conversation: conversationOf(id).at(events),
  }));
  const { hasEarlier, turns } = newestTurns(sessions, limit.value);
  const byId = new Map(sessions.map(({ conversation, id }) => [id, conversation]));
  return (
    <div class="follow-frame">
      <div
        class="conversation"
        role="log"
        aria-label="Conversation"
        tabIndex={0}
        ref={box}
        onScroll={onScroll}
      >
        {hasEarlier && (
          <button type="button" class="button earlier" onClick={() => (limit.value += PORTION)}>
            Show earlier
          </button>
        )}
        {turns.length === 0 && <p class="nothing">{emptyText(isMoving(current.status))}</p>}
        {turns.map((turn) => (
          <TurnView
            key={`${turn.sessionId}/${turn.index}`}
            window={turn}
            conversation={byId.get(turn.sessionId)}
            attempts={current.attempts}
            moving={isMoving(current.status)}
          />
        ))}
      </div>
      {hasNews && (
        <button type="button" class="button news" onClick={toEnd}>
          New messages ↓
        </button>
      )}
    </div>
  );
}

function emptyText(moving: boolean): string {
  return moving ? "Nothing has been said yet." : "No agent spoke in this run.";
}

interface TurnProps {
  readonly window: TurnWindow;
  readonly conversation: SessionConversation | undefined;
  readonly attempts: Attempts;
  readonly moving: boolean;
}

function TurnView({ attempts, conversation, moving, window }: TurnProps) {
  if (conversation === undefined) return null;
  const attempt = attemptOfTurn(attempts, window.sessionId, window.turn.at);
  const label =
    attempt === null ? window.sessionId : `${humanise(attempt.nodeId)} · attempt ${attempt.number}`;
  const isNewest = window.index === conversation.turns.length - 1;
  const answering = moving && isNewest && conversation.request.kind === "prompt";
  return (
    <section class="turn">
      <h2 class="turn-label">
        <span class="clip">
          {label} · <TurnTime at={window.turn.at} />
        </span>
      </h2>
      {conversation.entries.slice(window.from, window.to).map((entry, offset) => {
        const index = window.from + offset;
        return (
          <EntryView
            key={index}
            entry={entry}
            alive={answering}
            streaming={answering && index === window.to - 1}
            newest={isNewest && index === window.to - 1}
          />
        );
      })}
    </section>
  );
}

function TurnTime({ at }: { readonly at: number }) {
  return <span class="num">{clock(at - extent.value.start)}</span>;
}
