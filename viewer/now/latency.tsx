import { wholeNumber } from "../ui/format.ts";
import { latencyRows } from "./latency-rows.ts";
import { stats } from "./shown.ts";
import { Spark } from "./spark.tsx";

/** How long tools took. */
export function Latency() {
  const known = stats.value;
  if (known === null) return <p class="now-note">Reading…</p>;
  const rows = latencyRows(known.tool_latency);
  const hours = wholeNumber(known.latency_hours);
  if (rows.length === 0) return <p class="now-note">No tool call has ended in the last {hours} h.</p>;
  return (
    <>
      <table class="now-table">
        <caption class="hidden">How long tool calls of the last {hours} h took</caption>
        <thead>
          <tr>
            <th scope="col">Tool</th>
            <th scope="col">
              <span class="hidden">P50 over the time</span>
            </th>
            <th scope="col">P50</th>
            <th scope="col">P95</th>
            <th scope="col">P99</th>
            <th scope="col">
              <abbr title="Number of calls">n</abbr>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ count, p50, p95, p99, series, tool }) => (
            <tr key={tool}>
              <th scope="row" class="clip" title={tool}>
                {tool}
              </th>
              <td class="spark-cell">
                <Spark series={series} width={40} height={14} />
              </td>
              <td>{p50}</td>
              <td>{p95}</td>
              <td>{p99}</td>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="now-note">Paired by call id. Waits for permission are part of it.</p>
    </>
  );
}
