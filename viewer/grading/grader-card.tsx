import { useState } from "preact/hooks";
import type { Assertion, GraderResult } from "../../src/protocol/test-lines.ts";
import { duration, plural } from "../ui/format.ts";
import { FoldedText } from "../ui/folded-text.tsx";
import { EvidenceView } from "./evidence-view.tsx";
import { scoreText } from "./score.ts";
import { VerdictMark } from "./verdict-mark.tsx";
import "./grader-card.css";

/** So many assertions are drawn at a time. */
const MOST = 30;

/** What one grader said of a test: its verdict, and what that rests on. */
export function GraderCard({ grader }: { readonly grader: GraderResult }) {
  const { assertions, durationMs, kind, message, name, score, verdict, weight } = grader;
  const about = [
    ...(weight != null && weight !== 1 ? [`weight ${weight}`] : []),
    ...(durationMs != null && durationMs > 0 ? [`took ${duration(durationMs)}`] : []),
  ];
  const hasMessage = message != null && message.trim() !== "";
  const hasBody = hasMessage || (assertions?.length ?? 0) > 0;
  return (
    <section class={`grade ${verdict}`} aria-label={`Grader ${name}`}>
      <h3 class="grade-head">
        {kind != null && kind !== "" && <span class="grade-kind num">{kind}</span>}
        <span class="grade-name">
          {name}
          {about.length > 0 && <small class="grade-about">{about.join(" · ")}</small>}
        </span>
        {score != null && <span class="grade-score num">{scoreText(score)}</span>}
        <VerdictMark verdict={verdict} hasWord />
      </h3>
      {hasBody && (
        <div class="grade-body">
          {hasMessage && (
            <div class="grade-message">
              <FoldedText text={message.trim()} lines={8} />
            </div>
          )}
          <Assertions assertions={assertions ?? []} />
        </div>
      )}
    </section>
  );
}

function Assertions({ assertions }: { readonly assertions: readonly Assertion[] }) {
  const [most, setMost] = useState(MOST);
  if (assertions.length === 0) return null;
  const left = assertions.length - most;
  return (
    <>
      <ul class="assertions">
        {assertions.slice(0, most).map((assertion, index) => (
          <AssertionRow key={index} assertion={assertion} />
        ))}
      </ul>
      {left > 0 && (
        <button type="button" class="quiet-button" onClick={() => setMost(most + MOST)}>
          Show {plural(Math.min(left, MOST), "more", "more")}
        </button>
      )}
    </>
  );
}

function AssertionRow({ assertion: { evidence, passed, text } }: { readonly assertion: Assertion }) {
  return (
    <li class="assertion">
      <VerdictMark verdict={passed ? "pass" : "fail"} />
      <div class="assertion-said">
        <div class="assertion-text">
          <FoldedText text={text} lines={6} />
        </div>
        {evidence != null && evidence.trim() !== "" && <EvidenceView text={evidence} isPassed={passed} />}
      </div>
    </li>
  );
}
