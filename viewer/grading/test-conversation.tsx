import { useLayoutEffect, useRef } from "preact/hooks";
import { view } from "../playback/playback.ts";
import { usePicture } from "../playback/use-picture.ts";
import { chosenStep } from "../steps/chosen.ts";
import { type Standing, standingOf } from "../steps/standing.ts";
import { isMarkdownSettled } from "../text/markdown.tsx";
import { plural } from "../ui/format.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { grading, showFromStart, showMore, soughtHere, talk } from "./shown.ts";
import { TalkTurns } from "./talk-turns.tsx";
import { VerdictPill } from "./verdict-pill.tsx";
import "./test-conversation.css";

/** What was said in the chosen test, and in no other. It is known once the test has ended, and is read from its beginning. */
export function TestConversation() {
  const current = view.value;
  const chosen = chosenStep.value;
  const { value: test } = usePicture("grading", grading);
  const { isLate, isLoading, value } = usePicture("conversation of a test", talk);
  const box = useRef<HTMLDivElement>(null);
  const line = test?.attempt.line;
  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollTop = 0;
  }, [line]);
  if (current === null) return null;
  const hasNone = chosen === null && current.steps.extent === "all";
  const standing = test === null ? "unfinished" : standingOf(test.attempt, current);
  return (
    <div class="follow-frame">
      <div
        class={`test-conversation ${loadingClass(isLate && !hasNone)}`}
        role="log"
        aria-label="Conversation"
        aria-busy={(isLoading && !hasNone) || !isMarkdownSettled()}
        tabIndex={0}
        ref={box}
      >
        {hasNone && <p class="nothing">No test is known of yet.</p>}
        {!hasNone && test !== null && (
          <h2 class="test-conversation-of">
            <span>{test.test.name}</span>
            <VerdictPill
              state={test.state}
              standing={standing}
              score={test.result?.score ?? null}
              threshold={test.result?.threshold ?? null}
            />
          </h2>
        )}
        {!hasNone && test !== null && value !== null && value.attempt === line && (
          <>
            {value.turns.length === 0 && <p class="nothing">{nothingText(standing)}</p>}
            {value.before > 0 && (
              <button type="button" class="button talk-earlier" onClick={showFromStart} disabled={isLoading}>
                Show the {plural(value.before, "entry", "entries")} before
              </button>
            )}
            <TalkTurns key={line} talk={value} sought={isLoading ? null : soughtHere.value} />
            {value.isMore && (
              <button type="button" class="button talk-more" onClick={showMore} disabled={isLoading}>
                Show more
              </button>
            )}
          </>
        )}
      </div>
      {isLate && !hasNone && <LoadingNote>Loading the conversation…</LoadingNote>}
    </div>
  );
}

function nothingText(standing: Standing): string {
  return standing === "running"
    ? "This test is running. What is said in it is known once it has ended."
    : "What was said in this test was not written down.";
}
