import { watchSentence } from "./folders.ts";
import type { Options } from "./options.ts";
import type { Output } from "./output.ts";
import { findRunning, foldersOf } from "./running.ts";

/** Says which viewers are running. 0 if there is one, 1 if there is none. */
export async function status(options: Options, output: Output): Promise<number> {
  const viewers = await findRunning(options);
  if (viewers.length === 0) {
    output.tell("No viewer is running.", { running: false });
    return 1;
  }
  for (const { url, port, health } of viewers) {
    const { version, pid, startedAt } = health;
    const sentence =
      `Runreel ${version} is running at ${url}/ (pid ${pid}, since ${startedAt}).\n` + watchSentence(health);
    output.tell(sentence, { running: true, url, port, version, pid, ...foldersOf(health), startedAt });
  }
  return 0;
}
