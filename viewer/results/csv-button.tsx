import { openRun, view } from "../playback/playback.ts";
import { flowNameOf } from "../run/title.ts";
import { results } from "./shown.ts";
import { saveText } from "../ui/save-text.ts";

/** The table as it is shown, as a file. What writes CSV is loaded when it is asked for. */
export function CsvButton() {
  const isKnown = view.value?.steps.extent === "all";
  return (
    <button
      type="button"
      class="button"
      title="Save what the table shows as CSV"
      disabled={!isKnown}
      onClick={() => void save()}
    >
      CSV
    </button>
  );
}

async function save(): Promise<void> {
  const run = openRun.peek();
  const { isReady, value } = results.peek();
  if (run === null || value === null || !isReady) return;
  const [{ resultsCsv }, { csvName }] = await Promise.all([
    import("./csv.ts"),
    import("../text/csv-text.ts"),
  ]);
  const { runId } = run.manifest;
  saveText(csvName([flowNameOf(run), runId]), resultsCsv(runId, value.rows), "text/csv");
}
