import type { TestResult } from "../../src/protocol/test-lines.ts";
import { Section } from "../details/section.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { FoldedText } from "../ui/folded-text.tsx";
import "./test-failure.css";

/** Where and why a test could not be done, in the words of who noted it. */
export function TestFailure({ result }: { readonly result: TestResult }) {
  const { error, reason, stage, state } = result;
  if (error == null && reason == null && stage == null) return null;
  return (
    <Section
      title={state === "error" ? "This test could not be done" : "Error"}
      tone="bad"
      isFirst
      acts={error != null && <CopyButton text={error} what="the error" />}
    >
      {(stage != null || reason != null) && (
        <dl class="test-failure">
          {stage != null && <Fact name="Stage" value={stage} />}
          {reason != null && <Fact name="Reason" value={reason} />}
        </dl>
      )}
      {error != null && (
        <pre tabIndex={0} aria-label="Error">
          <FoldedText text={error} lines={14} />
        </pre>
      )}
    </Section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="num">{value}</dd>
    </div>
  );
}
