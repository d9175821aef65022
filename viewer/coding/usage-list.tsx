import { totalTokens, type Usage } from "../../src/protocol/usage.ts";
import { wholeNumber } from "../ui/format.ts";
import { costWords, missingWords } from "./usage-words.ts";
import "./usage-list.css";

/** What was used, kind by kind. */
export function UsageList({ label, usage }: { readonly label: string; readonly usage: Usage }) {
  const { cacheReadTokens, cacheWrite1hTokens, cacheWriteTokens, inputTokens, outputTokens, unpricedTokens } =
    usage;
  if (totalTokens(usage) === 0 && usage.costUsd === null)
    return <p class="usage-none">Nothing was told of what it used.</p>;
  const missing = missingWords(usage);
  return (
    <dl class="usage-list" aria-label={label}>
      <Line name="Fresh input" tokens={inputTokens} />
      <Line name="Cache read" tokens={cacheReadTokens} />
      <Line name="Cache write" tokens={cacheWriteTokens} />
      {cacheWrite1hTokens > 0 && <Line name="of it for 1 h" tokens={cacheWrite1hTokens} isPart />}
      <Line name="Output" tokens={outputTokens} />
      <Line name="All tokens" tokens={totalTokens(usage)} isSum />
      {unpricedTokens > 0 && <Line name="of them unpriced" tokens={unpricedTokens} isPart />}
      <div class="sum">
        <dt>Cost</dt>
        <dd class="num" title={missing ?? undefined}>
          {costWords(usage) ?? "–"}
        </dd>
      </div>
    </dl>
  );
}

interface LineProps {
  readonly name: string;
  readonly tokens: number;
  readonly isPart?: boolean;
  readonly isSum?: boolean;
}

function Line({ isPart = false, isSum = false, name, tokens }: LineProps) {
  return (
    <div class={isSum ? "sum" : isPart ? "part" : ""}>
      <dt>{name}</dt>
      <dd class="num">{wholeNumber(tokens)}</dd>
    </div>
  );
}
