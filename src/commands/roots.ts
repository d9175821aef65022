import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Root } from "../store/roots.ts";
import type { Config } from "./config.ts";
import { UsageError } from "./usage-error.ts";

export interface AskedRoots {
  /** With --runs-dir; then there are no others. */
  readonly named: readonly string[];
  /** With --no-default-roots or --default-roots. */
  readonly defaultRoots: boolean | undefined;
}

export interface Roots {
  readonly roots: readonly Root[];
  /** See `Options`. */
  readonly workingDir: string | undefined;
}

/** Where runs are looked for; throws UsageError where that is nowhere. */
export function rootsOf(asked: AskedRoots, config: Config, env: NodeJS.ProcessEnv): Roots {
  if (asked.named.length > 0) return { roots: each(asked.named, {}), workingDir: undefined };
  const withDefaults = asked.defaultRoots ?? config.defaultRoots ?? true;
  const { acpx, claudeCode, codex } = config.roots ?? {};
  const of = (said: boolean | readonly string[] | undefined, usual: Usual, limits: Limits) => {
    if (Array.isArray(said)) return each(said.map(fromHome), limits);
    const isOn = asked.defaultRoots === false ? false : (said ?? withDefaults);
    return isOn === true ? each(usual.dirs, usual.areNamed ? limits : { ...limits, isQuiet: true }) : [];
  };
  const roots = [
    ...of(acpx, acpxDirs(env), {}),
    ...of(claudeCode, claudeCodeDirs(env), { sources: ["claude-code"] }),
    ...of(codex, codexDirs(env), { sources: ["codex"] }),
  ];
  const workingDir = withDefaults ? whereThePersonIs(env) : undefined;
  if (roots.length === 0 && workingDir === undefined) {
    throw new UsageError(
      "Without the default roots no folder is left to look for runs in; name one with --runs-dir.",
    );
  }
  return { roots, workingDir };
}

type Limits = Omit<Root, "dir">;

/** Where a producer writes without being told. */
interface Usual {
  readonly dirs: readonly string[];
  /** Somebody chose them for the producer, so they should be there. */
  readonly areNamed: boolean;
}

function each(dirs: readonly string[], limits: Limits): Root[] {
  return [...new Set(dirs.map((dir) => resolve(dir)))].map((dir) => ({ dir, ...limits }));
}

/** The first run of acpx makes its folder, wherever it is told to. */
function acpxDirs(env: NodeJS.ProcessEnv): Usual {
  const dir = env["ACPX_FLOW_RUNS_DIR"] || join(homedir(), ".acpx", "flows", "runs");
  return { dirs: [dir], areNamed: false };
}

function claudeCodeDirs(env: NodeJS.ProcessEnv): Usual {
  const named = (env["CLAUDE_CONFIG_DIR"] ?? "").split(",").map((dir) => dir.trim());
  const dirs = named.filter((dir) => dir !== "").map(fromHome);
  if (dirs.length > 0) return { dirs, areNamed: true };
  return { dirs: [join(homedir(), ".config", "claude"), join(homedir(), ".claude")], areNamed: false };
}

function codexDirs(env: NodeJS.ProcessEnv): Usual {
  const named = env["CODEX_HOME"] ?? "";
  if (named !== "") return { dirs: [fromHome(named)], areNamed: true };
  return { dirs: [join(homedir(), ".codex")], areNamed: false };
}

/** In a file nobody puts a home in the place of "~". */
function fromHome(dir: string): string {
  return dir === "~" || dir.startsWith("~/") ? join(homedir(), dir.slice(1)) : dir;
}

/** A package manager runs its scripts in the package's folder, and tells where it was called. */
function whereThePersonIs(env: NodeJS.ProcessEnv): string {
  return resolve(env["INIT_CWD"] || ".");
}
