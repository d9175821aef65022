import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/**
 * For working on Runreel: the server, started anew when its source changes, and
 * Vite in front of it, which swaps the page's modules as they change.
 * Arguments go to the server: `pnpm dev --runs-dir DIR`.
 */
const root = join(import.meta.dirname, "..");
const port = process.env["RUNREEL_PORT"] ?? "4174";

const children = [
  spawn(
    process.execPath,
    ["--watch-path=src", "--import", "tsx", "src/cli.ts", "start", "--port", port, ...process.argv.slice(2)],
    { cwd: root, stdio: "inherit" },
  ),
  spawn(process.execPath, [join(root, "node_modules/vite/bin/vite.js"), "--port", "5173", "--open"], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, RUNREEL_PORT: port },
  }),
];

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
// Whichever ends first takes the other along.
await Promise.race(children.map((child) => once(child, "exit")));
for (const child of children) child.kill("SIGTERM");
