import { stat } from "node:fs/promises";
import open from "open";
import { hasCode, isMissing, messageOf } from "../sources/file-errors.ts";
import { startServer, type ViewerServer } from "../server.ts";
import { watchedWith } from "../store/watched.ts";
import { inWords, watchSentence } from "./folders.ts";
import { DEFAULT_PORT, type Options } from "./options.ts";
import type { Output } from "./output.ts";
import { ensurePage, PAGE_DIR } from "./page-build.ts";
import { newToken, removeRecord, usageCachePath, writeRecord } from "./record.ts";
import { findRunning, foldersOf, type RunningViewer, sameFolders } from "./running.ts";

/** Starts a viewer, or uses the one that already watches the same folders. Resolves when it has ended. */
export async function start(options: Options, output: Output): Promise<number> {
  const missing = await firstMissing(options);
  if (missing !== undefined) {
    output.fail(`There is no folder ${missing}. Name one that exists with --runs-dir.`);
    return 1;
  }
  const running = await findToReuse(options);
  if (running.kind === "same") return reuse(running.viewer, options, output);
  if (running.kind === "other") {
    output.fail(
      `A viewer at ${running.viewer.url} already watches ${inWords(running.viewer.health)}, not ` +
        `${inWords(watchedWith(options))}. Stop it with "pnpm viewer:stop" (or "runreel stop"), or choose another port with --port.`,
    );
    return 1;
  }
  await ensurePage((sentence) => output.note(sentence));
  return serve(options, output);
}

/** A default folder may still be missing: the first run makes it. One that was named must be there. */
async function firstMissing({ roots, namedRunsDirs }: Options): Promise<string | undefined> {
  if (!namedRunsDirs) return undefined;
  for (const { dir } of roots) {
    try {
      if (!(await stat(dir)).isDirectory()) return dir;
    } catch (error) {
      if (isMissing(error)) return dir;
      throw error;
    }
  }
  return undefined;
}

type Found =
  | { readonly kind: "none" }
  | { readonly kind: "same"; readonly viewer: RunningViewer }
  | { readonly kind: "other"; readonly viewer: RunningViewer };

async function findToReuse(options: Options): Promise<Found> {
  if (options.port === 0) return { kind: "none" };
  const viewers = await findRunning({ ...options, namedRunsDirs: false });
  for (const viewer of viewers) {
    if (await sameFolders(viewer.health, watchedWith(options))) return { kind: "same", viewer };
  }
  const there = viewers.find((viewer) => viewer.port === (options.port ?? DEFAULT_PORT));
  return there === undefined ? { kind: "none" } : { kind: "other", viewer: there };
}

async function reuse(
  { url, port, health }: RunningViewer,
  options: Options,
  output: Output,
): Promise<number> {
  const { pid } = health;
  output.tell(`A viewer of ${inWords(health)} is already running at ${url}/`, {
    event: "ready",
    url,
    pid,
    port,
    ...foldersOf(health),
    reused: true,
  });
  if (options.open) await openBrowser(url, output);
  return 0;
}

async function serve(options: Options, output: Output): Promise<number> {
  const token = newToken();
  const ending = endingAsked();
  let server: ViewerServer;
  try {
    server = await startServer({
      compress: options.compress,
      roots: options.roots,
      watch: options.watch,
      workingDir: options.workingDir,
      host: options.host,
      port: options.port ?? DEFAULT_PORT,
      token,
      pageDir: PAGE_DIR,
      cacheFile: usageCachePath([...options.roots.map(({ dir }) => dir), options.workingDir ?? ""]),
      onShutdown: ending.ask,
      onError: (error) => output.note(`Runreel: ${messageOf(error)}`),
    });
  } catch (error) {
    const sentence = listenFailure(error, options);
    if (sentence === undefined) throw error;
    output.fail(sentence);
    return 1;
  }
  const { url, port } = server;
  const record = { pid: process.pid, host: options.host, port, url, token };
  try {
    await writeRecord(record);
  } catch (error) {
    output.note(`"stop" will not find this viewer: its record cannot be kept (${messageOf(error)}).`);
  }
  output.tell(`Runreel is at ${url}/\n${watchSentence(watchedWith(options))} Press Ctrl+C to stop it.`, {
    event: "ready",
    url,
    pid: process.pid,
    port,
    ...watchedWith(options),
    reused: false,
  });
  if (options.open) await openBrowser(url, output);
  await ending.asked;
  await removeRecord(record);
  await server.close();
  return 0;
}

/** Ctrl+C, SIGTERM and the shutdown address all end the viewer the same way. */
function endingAsked(): { asked: Promise<void>; ask: () => void } {
  let ask: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, ask);
  return { asked, ask };
}

function listenFailure(error: unknown, { port, host }: Options): string | undefined {
  const place = `${host}:${port ?? DEFAULT_PORT}`;
  if (hasCode(error, "EADDRINUSE")) {
    return `Another program already uses ${place}. Choose another port with --port.`;
  }
  if (hasCode(error, "EACCES")) return `This user may not serve on ${place}. Choose a port above 1023.`;
  if (hasCode(error, "EADDRNOTAVAIL") || hasCode(error, "ENOTFOUND")) {
    return `This machine has no address ${host}. Leave --host out to serve on 127.0.0.1.`;
  }
  return undefined;
}

async function openBrowser(url: string, output: Output): Promise<void> {
  try {
    const child = await open(`${url}/`);
    // Without a browser the child fails on its own; the address has been printed.
    child.on("error", () => undefined);
  } catch (error) {
    output.note(`No browser could be opened (${messageOf(error)}); open ${url}/ yourself.`);
  }
}
