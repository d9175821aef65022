import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../sources/file-errors.ts";
import type { Options } from "./options.ts";
import type { Output } from "./output.ts";
import { findRunning, probe, type RunningViewer } from "./running.ts";

const PATIENCE_MS = 5_000;
const ASK_EVERY_MS = 50;

/** Ends a running viewer. 0 if it has ended or none was running, 1 if it could not be ended. */
export async function stop(options: Options, output: Output): Promise<number> {
  const viewers = await findRunning(options);
  const [viewer, ...others] = viewers;
  if (viewer === undefined) {
    output.tell("No viewer is running.", { stopped: false });
    return 0;
  }
  if (others.length > 0) {
    const urls = viewers.map(({ url }) => url).join(" and ");
    output.fail(`Several viewers are running: ${urls}. Say which one with --port.`);
    return 1;
  }
  const refusal = await askToEnd(viewer);
  if (refusal !== undefined) {
    output.fail(refusal);
    return 1;
  }
  output.tell(`The viewer at ${viewer.url}/ has stopped.`, { stopped: true, url: viewer.url });
  return 0;
}

/** Undefined once it has ended; otherwise the sentence that says why not. */
async function askToEnd({ url, record }: RunningViewer): Promise<string | undefined> {
  if (record === undefined) {
    return `The viewer at ${url}/ was started by another user or with another RUNREEL_HOME; its token is not here.`;
  }
  try {
    const response = await fetch(`${url}/api/control/shutdown`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${record.token}` },
      body: "{}",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) return `The viewer at ${url}/ refused to stop (${response.status}).`;
  } catch (error) {
    return `The viewer at ${url}/ does not answer (${messageOf(error)}); its process is ${record.pid}.`;
  }
  for (let waited = 0; waited < PATIENCE_MS; waited += ASK_EVERY_MS) {
    if ((await probe(url)) === undefined) return undefined;
    await sleep(ASK_EVERY_MS);
  }
  return `The viewer at ${url}/ was asked to stop but still answers.`;
}
