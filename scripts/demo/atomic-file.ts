import { appendFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * The two ways acpx 0.19.1 puts something on disk: a whole file swapped in
 * through a temporary folder beside it, and one line at the end of a log.
 * A reader never sees half of the first; it may see half of the second.
 */
export async function replaceFile(target: string, text: string): Promise<void> {
  const folder = await mkdtemp(join(dirname(target), "acpx-write-"));
  try {
    const temporary = join(folder, "record.json");
    await writeFile(temporary, text);
    await rename(temporary, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function replaceJson(target: string, value: unknown): Promise<void> {
  await replaceFile(target, jsonText(value));
}

/** Opens, writes once and closes, for every line. */
export async function appendLine(file: string, value: unknown): Promise<void> {
  await appendFile(file, `${JSON.stringify(value)}\n`);
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
