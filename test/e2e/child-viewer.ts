import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import * as v from "valibot";
import { PACKAGE_DIR } from "../../src/package-dir.ts";
import { homeEnv } from "../helpers/cli.ts";
import { tempDir } from "../helpers/temp-dir.ts";

const Ready = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ event: v.literal("ready"), url: v.string(), port: v.number() }),
);
const READY_WITHIN_MS = 30_000;

/** The viewer as a person starts it: a process of its own, by the command line. */
export interface ChildViewer {
  /** Without a slash at the end; the same after a restart. */
  readonly url: string;
  /** Ends the process as a crash would. */
  kill(): Promise<void>;
  /** After `kill`: once more, on the same port. */
  restart(): Promise<void>;
}

export interface ViewerOptions {
  /** Modules that the process imports before the viewer. */
  readonly imports?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What else is said on the command line. */
  readonly args?: readonly string[];
}

/** Starts a viewer of one folder; "": of the default roots. It has ended when the test has. */
export async function startChildViewer(
  t: TestContext,
  runsDir: string,
  options: ViewerOptions = {},
): Promise<ChildViewer> {
  let child: Started | undefined;
  const kill = async () => {
    await child?.end();
    child = undefined;
  };
  // Before the folder is made, so that the process ends before the folder goes.
  t.after(kill);
  const home = await tempDir(t);
  child = await launch(runsDir, 0, home, options);
  const { port, url } = child;
  return {
    url,
    kill,
    async restart() {
      child = await launch(runsDir, port, home, options);
    },
  };
}

interface Started {
  readonly url: string;
  readonly port: number;
  end(): Promise<void>;
}

async function launch(
  runsDir: string,
  port: number,
  home: string,
  { args = [], env = {}, imports = [] }: ViewerOptions,
): Promise<Started> {
  const named = runsDir === "" ? [] : ["--runs-dir", runsDir];
  const preloads = ["tsx", ...imports].flatMap((name) => ["--import", name]);
  const child = spawn(
    process.execPath,
    [...preloads, "src/cli.ts", "start", ...named, ...args, "--port", String(port), "--json"],
    {
      cwd: PACKAGE_DIR,
      env: { ...process.env, ...homeEnv(home), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const exited = once(child, "exit");
  // A test run that is broken off leaves no viewer behind.
  const endWithThis = () => void child.kill("SIGKILL");
  process.once("exit", endWithThis);
  child.once("exit", () => process.off("exit", endWithThis));
  const late = setTimeout(() => child.kill("SIGKILL"), READY_WITHIN_MS);
  const said: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
  try {
    const ready = await Promise.race([readyLine(child), exited.then(() => undefined)]);
    if (ready === undefined) throw new Error(`The viewer ended before it was ready.\n${said.join("")}`);
    return {
      url: ready.url,
      port: ready.port,
      async end() {
        child.kill("SIGKILL");
        await exited;
      },
    };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(late);
  }
}

async function readyLine(child: ChildProcess): Promise<v.InferOutput<typeof Ready> | undefined> {
  if (child.stdout === null) return undefined;
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const ready = v.safeParse(Ready, line);
    if (!ready.success) continue;
    child.stdout.resume();
    return ready.output;
  }
  return undefined;
}
