import { parseArgs } from "node:util";
import { isIP } from "node:net";
import type { Root } from "../store/roots.ts";
import { readConfig } from "./config.ts";
import { rootsOf } from "./roots.ts";
import { UsageError } from "./usage-error.ts";

export { UsageError } from "./usage-error.ts";

export const DEFAULT_PORT = 4173;

const COMMANDS = ["start", "open", "status", "stop"] as const;
type CommandName = (typeof COMMANDS)[number];

export interface Options {
  readonly command: CommandName;
  readonly roots: readonly Root[];
  /** Where nobody named a folder, the one that the person is in: evaluations at hand there are shown too. */
  readonly workingDir: string | undefined;
  /** Is it looked for what comes after the start? */
  readonly watch: boolean;
  /** Were the folders named by the person, or are they the default? */
  readonly namedRunsDirs: boolean;
  readonly host: string;
  /** Undefined when the person named none. */
  readonly port: number | undefined;
  /** Compress what goes over the live connection. */
  readonly compress: boolean;
  readonly open: boolean;
  readonly json: boolean;
}

export const USAGE = `Usage: runreel [start|open|status|stop] [options]

  start    watch the runs folders and serve the page (the default)
  open     the same, and open the page in a browser
  status   say whether a viewer is running, and where
  stop     end a running viewer

  --runs-dir DIR   a folder of runs or sessions, a project with runs in it, or
                   a run; may be given several times, and then no other folder
                   is looked into (default roots: the flows of acpx in
                   $ACPX_FLOW_RUNS_DIR or ~/.acpx/flows/runs, sessions of Claude
                   Code in $CLAUDE_CONFIG_DIR or ~/.config/claude and ~/.claude,
                   of Codex in $CODEX_HOME or ~/.codex, and evaluations of
                   AgentV and waza in the folder you are in)
  --no-default-roots
                   look into none of the default roots
  --no-watch       show what is there at the start, and watch nothing
  --port N         the port to serve on (default: ${DEFAULT_PORT}; 0 takes a free one)
  --host H         the loopback address to serve on (default: 127.0.0.1)
  --compress       compress the live connection: for a slow line between the
                   viewer and the browser; on one machine it only costs
  --open           open the page in a browser
  --json           print one line of JSON an event
  --help, --version

What holds at every start is set in $RUNREEL_HOME/config.json (~/.runreel):
  {"defaultRoots": true, "watch": true,
   "roots": {"acpx": true, "claudeCode": ["~/.claude"], "codex": false}}
where each kind of root is true, false or a list of folders. Options win over
it, also by --default-roots and --watch.

Folders are only read; the viewer answers this machine alone.`;

export type Parsed =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "run"; readonly options: Options };

/** Reads the command line; throws UsageError. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): Parsed {
  const { values, positionals } = parse(argv);
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  const [word = "start", ...more] = positionals;
  const command = COMMANDS.find((name) => name === word);
  if (command === undefined) throw new UsageError(`There is no command "${word}"; try --help.`);
  if (more.length > 0) throw new UsageError(`"${more.join(" ")}" is one word too many; try --help.`);
  const named = values["runs-dir"] ?? [];
  if (named.includes("")) throw new UsageError("--runs-dir takes a folder, not an empty name.");
  // Whoever only asks for a viewer, or ends it, is not kept from it by what a start would need.
  const isStart = command === "start" || command === "open";
  const config = isStart ? readConfig(env) : {};
  const defaultRoots = isStart ? switchOf(values, "default-roots") : undefined;
  return {
    kind: "run",
    options: {
      command,
      ...rootsOf({ named, defaultRoots }, config, env),
      namedRunsDirs: named.length > 0,
      watch: switchOf(values, "watch") ?? config.watch ?? true,
      host: readHost(values.host),
      port: readPort(values.port),
      compress: values.compress,
      open: values.open || command === "open",
      json: values.json,
    },
  };
}

/** On, off, or nothing said; off where both were. */
function switchOf(
  values: Readonly<Record<string, unknown>>,
  name: "default-roots" | "watch",
): boolean | undefined {
  if (values[`no-${name}`] === true) return false;
  return values[name] === true ? true : undefined;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      // Package managers differ in whether they pass the "--" on that parts their options from ours.
      args: argv.filter((arg) => arg !== "--"),
      allowPositionals: true,
      options: {
        "runs-dir": { type: "string", multiple: true },
        "default-roots": { type: "boolean" },
        "no-default-roots": { type: "boolean" },
        watch: { type: "boolean" },
        "no-watch": { type: "boolean" },
        host: { type: "string", default: "127.0.0.1" },
        port: { type: "string" },
        compress: { type: "boolean", default: false },
        open: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        version: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error);
    throw new UsageError(`${reason.replace(/\.$/, "")}; try --help.`);
  }
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new UsageError(`--port takes a number from 0 to 65535, not "${text}".`);
  return port;
}

function readHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  const loopback = host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
  if (!loopback) {
    throw new UsageError(
      `--host ${text} would show your runs to others: the viewer serves this machine only ` +
        `(127.0.0.1, ::1 or localhost). To look from elsewhere, forward the port with ssh -L.`,
    );
  }
  return host;
}
