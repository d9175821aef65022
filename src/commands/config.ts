import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { isMissing, messageOf } from "../sources/file-errors.ts";
import { homeOf } from "./home.ts";
import { UsageError } from "./usage-error.ts";

const Folders = v.array(
  v.pipe(v.string(), v.nonEmpty("an empty name is no folder")),
  "must be a list of folders",
);
const KindOfRoot = v.optional(v.union([v.boolean(), Folders], "must be true, false or a list of folders"));
const YesOrNo = v.optional(v.boolean("must be true or false"));

/** What holds at every start, unless an option says otherwise: `$RUNREEL_HOME/config.json`. */
const Config = v.strictObject(
  {
    defaultRoots: YesOrNo,
    roots: v.optional(
      v.strictObject({ acpx: KindOfRoot, claudeCode: KindOfRoot, codex: KindOfRoot }, ({ received }) =>
        isName(received) ? "is not known" : "must be an object",
      ),
    ),
    watch: YesOrNo,
  },
  ({ received }) => (isName(received) ? "is not known" : "must be an object"),
);
export type Config = v.InferOutput<typeof Config>;

/** valibot tells an unknown member by its name in quotes, and a value by its type. */
function isName(received: string): boolean {
  return received.startsWith('"');
}

/** Throws UsageError, which names the file and the member. No file: nothing is set. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const path = join(homeOf(env), "config.json");
  const text = textOf(path);
  if (text === undefined) return {};
  const json = jsonOf(path, text);
  if (Array.isArray(json)) throw new UsageError(`${path}: it must be an object.`);
  const parsed = v.safeParse(Config, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const member = v.getDotPath(issue);
  throw new UsageError(`${path}: ${member === null ? "it" : `"${member}"`} ${issue.message}.`);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}.`);
  }
}

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${messageOf(error)}.`);
  }
}
