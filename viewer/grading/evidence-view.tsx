import { useMemo } from "preact/hooks";
import { JsonTree } from "../text/json-tree.tsx";
import { FoldedText } from "../ui/folded-text.tsx";
import { evidenceOf, type Pair } from "./evidence.ts";
import "./evidence-view.css";

interface Props {
  readonly text: string;
  /** Did what it is about pass? Then the answer was no fault. */
  readonly isPassed: boolean;
}

/** What a verdict rests on. */
export function EvidenceView({ isPassed, text }: Props) {
  const evidence = useMemo(() => evidenceOf(text), [text]);
  switch (evidence.is) {
    case "pairs":
      return (
        <dl class="evidence-pairs">
          {evidence.pairs.map((pair, index) => (
            <div key={index}>
              <dt>{pair.name}</dt>
              <dd class={toneOf(pair, isPassed)}>
                <FoldedText text={pair.value === "" ? "(nothing)" : pair.value} lines={6} />
              </dd>
            </div>
          ))}
        </dl>
      );
    case "json":
      return <JsonTree value={evidence.value} label="Evidence" />;
    case "text":
      return (
        <div class="evidence-text">
          <FoldedText text={evidence.text.trim()} lines={6} />
        </div>
      );
  }
}

function toneOf({ side }: Pair, isPassed: boolean): string {
  if (side === "expected") return "expected";
  return side === "answer" && !isPassed ? "missed" : "";
}
