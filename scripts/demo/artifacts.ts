import { existsSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "./atomic-file.ts";
import { sha256 } from "./ids.ts";

/** A text kept beside the run under the name of its own content. */
export interface Artifact {
  readonly path: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
}

const EXTENSIONS = { "application/json": "json", "text/plain": "txt" } as const;
export type MediaType = keyof typeof EXTENSIONS;

/** The same content is one file, however often it is written. */
export async function storeArtifact(runDir: string, text: string, mediaType: MediaType): Promise<Artifact> {
  const digest = sha256(text);
  const path = `artifacts/sha256-${digest}.${EXTENSIONS[mediaType]}`;
  const file = join(runDir, path);
  if (!existsSync(file)) await replaceFile(file, text);
  return { path, mediaType, bytes: Buffer.byteLength(text), sha256: digest };
}
