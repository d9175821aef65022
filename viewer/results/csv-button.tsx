import { openRun, view } from "../playback/playback.ts";
import { testsAt } from "../playback/tests-at.ts";
import { flowNameOf } from "../run/title.ts";
import { saveText } from "../ui/save-text.ts";

/** The results as of the playhead, as a file. What writes CSV is loaded when it is asked for. */
export function CsvButton() {
  const isKnown = view.value?.steps.extent === "all";
  return (
    <button
      type="button"
      class="button"
      title="Save the results at this moment as CSV"
      disabled={!isKnown}
      onClick={() => void save()}
    >
      CSV
    </button>
  );
}

async function save(): Promise<void> {
  const run = openRun.peek();
  const steps = view.peek()?.steps;
  if (run === null || steps?.extent !== "all") return;
  // What was asked for is this moment, also where the part comes later.
  const tests = testsAt(steps);
  const [{ resultsCsv }, { csvName }] = await Promise.all([
    import("./csv.ts"),
    import("../text/csv-text.ts"),
  ]);
  const { runId } = run.manifest;
  saveText(csvName([flowNameOf(run), runId]), resultsCsv(runId, tests), "text/csv");
}
