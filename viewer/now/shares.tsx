import { percent } from "../ui/percent.ts";
import { shareRows } from "./share-rows.ts";
import { stats } from "./shown.ts";

/** What was spent today, by who or by what. */
export function Shares({ of }: { readonly of: "project" | "model" }) {
  const known = stats.value;
  if (known === null) return <p class="now-note">Reading…</p>;
  const rows = shareRows(of === "project" ? known.by_project : known.by_model, of);
  if (rows.length === 0) return <p class="now-note">Nothing was spent today.</p>;
  return (
    <>
      <table class="now-table">
        <caption class="hidden">Cost and tokens of today by {of}</caption>
        <thead>
          <tr>
            <th scope="col">{of === "project" ? "Project" : "Model"}</th>
            <th scope="col">
              <span class="hidden">Part of all</span>
            </th>
            <th scope="col">Tokens</th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ cost, hint, key, name, part, tokens, unpriced }) => (
            <tr key={key}>
              <th scope="row" class="clip" title={hint}>
                {name}
              </th>
              <td>
                <span class="share-bar">
                  <i style={{ width: `${100 * part}%` }} />
                </span>
                <span class="hidden">{percent(part)}</span>
              </td>
              <td>
                {tokens}
                {unpriced !== "" && <span class="share-unpriced">{unpriced}</span>}
              </td>
              <td>{cost}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="now-note">
        Today, of coding sessions. Flows and evaluations tell their costs on their pages.
      </p>
    </>
  );
}
