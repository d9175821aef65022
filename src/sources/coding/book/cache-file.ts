import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import * as v from "valibot";
import { PlanLimit } from "../../../protocol/plan-limit.ts";
import type { Digest } from "../digests.ts";
import { parse } from "./file-reading.ts";

/** Another number: what stands there was written by another version, and is not read. */
const VERSION = 2;
const WRITE_CHARS = 1024 * 1024;
const LINES_AT_A_TIME = 20;

const Head = v.object({ runreel: v.literal("usage"), version: v.literal(VERSION) });

const MaybeText = v.nullable(v.string());
const MaybeNumber = v.nullable(v.number());

const CachedDigest: v.GenericSchema<unknown, Digest> = v.object({
  sessionId: MaybeText,
  title: v.string(),
  project: MaybeText,
  branch: MaybeText,
  startedAt: MaybeNumber,
  newestAt: MaybeNumber,
  turns: MaybeNumber,
  usage: v.null(),
  lastLine: v.string(),
  limits: v.array(PlanLimit),
  state: v.variant("is", [
    v.object({ is: v.literal("empty") }),
    v.object({
      is: v.literal("working"),
      calls: v.array(
        v.object({
          id: v.string(),
          tool: v.string(),
          kind: v.string(),
          title: v.string(),
          at: v.number(),
          asks: v.boolean(),
        }),
      ),
      hasAnswered: v.boolean(),
    }),
    v.object({ is: v.literal("idle"), outcome: v.picklist(["ok", "cancelled", "failed", "interrupted"]) }),
  ]),
});

/** A session as it was when it was last read whole. */
const CachedSession = v.object({
  place: v.string(),
  type: v.string(),
  modifiedAt: v.number(),
  project: MaybeText,
  /** Its file was not there any more: what it told is still counted. */
  isGone: v.boolean(),
  base: v.nullable(CachedDigest),
  models: v.array(MaybeText),
  files: v.array(
    v.object({
      path: v.string(),
      session: v.string(),
      stamp: v.string(),
      inode: v.number(),
      offset: v.number(),
      born: v.number(),
      newestAt: MaybeNumber,
      /** Names those that told the same. */
      circle: MaybeNumber,
      /** See packed-claims.ts; `model` is a place in `models`. */
      claims: v.string(),
    }),
  ),
});
export type CachedSession = v.InferOutput<typeof CachedSession>;

/** Gives each session that the file holds. What cannot be read is not there. */
export async function readCache(path: string, take: (session: CachedSession) => void): Promise<void> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch {
    return;
  }
  let count = 0;
  for (let from = 0, to = bytes.indexOf(10); to !== -1; from = to + 1, to = bytes.indexOf(10, from)) {
    const value = parse(bytes.toString("utf8", from, to));
    if (count === 0 && !v.is(Head, value)) return;
    const session = v.safeParse(CachedSession, value);
    if (session.success) take(session.output);
    count += 1;
    if (count % LINES_AT_A_TIME === 0) await breathe();
  }
}

/** Puts the sessions in place of what is there, whole or not at all. Gives how long the file is, in characters. */
export async function writeCache(path: string, sessions: Iterable<CachedSession>): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await rm(temporary, { force: true });
  const file = await open(temporary, "wx", 0o600);
  let written = 0;
  try {
    let text = `${JSON.stringify({ runreel: "usage", version: VERSION })}\n`;
    let count = 0;
    for (const session of sessions) {
      text += `${JSON.stringify(session)}\n`;
      count += 1;
      if (count % LINES_AT_A_TIME === 0) await breathe();
      if (text.length < WRITE_CHARS) continue;
      written += text.length;
      await file.writeFile(text);
      text = "";
    }
    await file.writeFile(text);
    written += text.length;
    await file.close();
    await rename(temporary, path);
    return written;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}
