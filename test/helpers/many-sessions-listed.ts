import { RunCatalog } from "../../src/store/run-catalog.ts";
import { listedSessions } from "./listed-sessions.ts";

/** Imported by a viewer's process before the viewer: besides what it finds, it lists 5,000 sessions. */
// oxlint-disable-next-line typescript/unbound-method
const { start } = RunCatalog.prototype;
RunCatalog.prototype.start = async function startWithSessions(this: RunCatalog) {
  await start.call(this);
  this.list.put(listedSessions(5_000, Date.now()));
};
