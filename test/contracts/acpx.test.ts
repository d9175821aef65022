import { basename, dirname } from "node:path";
import { acpxSource } from "../../src/sources/acpx/acpx-source.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { sourceContract } from "./source-contract.ts";

sourceContract({
  name: "acpx",
  source: acpxSource,
  async write(dir) {
    const run = await new AcpxRun(dirname(dir), basename(dir)).begin();
    for (const word of ["Grüße ", "aus ", "der ", "Ferne 🚀"]) await run.appendChunk(word);
    await run.finish();
  },
  isLog: (file) => file.endsWith(".ndjson"),
  someLog: "sessions/main-0001/events.ndjson",
});
