import type { ComponentChildren } from "preact";
import type { Usage } from "../../src/protocol/usage.ts";
import { costWords, tokenWords, usageSentence } from "./usage-words.ts";
import "./usage-list.css";

export interface NamedUsage {
  readonly key: string;
  readonly name: ComponentChildren;
  readonly usage: Usage;
}

/** Whose share of what was used is how large. */
export function PartsTable({
  parts,
  what,
}: {
  readonly parts: readonly NamedUsage[];
  readonly what: string;
}) {
  return (
    <table class="parts-table">
      <thead>
        <tr>
          <th scope="col">{what}</th>
          <th scope="col" class="amount">
            Tokens
          </th>
          <th scope="col" class="amount">
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {parts.map(({ key, name, usage }) => (
          <tr key={key}>
            <td>{name}</td>
            <td class="amount num" title={usageSentence(usage)}>
              {tokenWords(usage) ?? "0"}
            </td>
            <td class="amount num">{costWords(usage) ?? "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
