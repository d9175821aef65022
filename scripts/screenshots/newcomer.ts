import { readdir } from "node:fs/promises";

/** The name of the run that is there after `write`, and was not before. */
export async function newcomer(runsDir: string, write: () => Promise<void>): Promise<string> {
  const before = new Set(await readdir(runsDir));
  await write();
  const name = (await readdir(runsDir)).find((one) => !before.has(one));
  if (name === undefined) throw new Error("The run in flight was not written.");
  return name;
}
