import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Everything that has to hold before a change goes in, cheapest first. Arguments:
 * `--no-tests` leaves the tests out, for whoever has just run them.
 */
const STEPS: readonly { readonly what: string; readonly command: readonly string[] }[] = [
  { what: "format", command: ["oxfmt", "--check"] },
  { what: "lint and import boundaries", command: ["oxlint"] },
  { what: "types", command: ["tsc", "--project", "."] },
  { what: "dead code", command: ["knip"] },
  { what: "build", command: ["vite", "build", "--logLevel", "warn"] },
  {
    what: "build of the command",
    command: ["vite", "build", "--config", "vite.cli.config.ts", "--logLevel", "warn"],
  },
  { what: "the built command", command: ["node", "dist/cli.js", "--version"] },
  { what: "page size", command: ["size-limit"] },
  { what: "tests", command: ["node", "--import", "tsx", "scripts/test.ts"] },
];

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");
if (!existsSync(bin)) {
  console.error("Nothing is installed yet: run `pnpm install` first.");
  process.exit(1);
}

const withTests = !process.argv.includes("--no-tests");
for (const { what, command } of STEPS) {
  if (what === "tests" && !withTests) continue;
  const [program = "", ...args] = command;
  const started = performance.now();
  console.log(`\n== ${what}`);
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` },
  });
  if (status !== 0) {
    console.error(`\nThe check stops here: ${what} failed (${command.join(" ")}).`);
    process.exit(1);
  }
  console.log(`== ${what}: fine, ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
