import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A way to put Chromium on this machine; trying it never throws. */
export interface Way {
  /** What it does, as a sentence. */
  readonly sentence: string;
  attempt(signal: AbortSignal): Promise<void>;
}

/** The ways that may work here, best first. */
export function waysToInstall(): Way[] {
  const isLinuxRoot = process.platform === "linux" && process.getuid?.() === 0;
  const plain = withPlaywright([]);
  return isLinuxRoot ? [withApt, withPlaywright(["--with-deps"]), plain] : [plain];
}

const withApt: Way = {
  sentence: "No browser is installed: installing Chromium with apt-get, which may take some minutes.",
  async attempt(signal) {
    if (await succeeds("apt-get", ["update"], signal)) {
      await succeeds("apt-get", ["install", "-y", "chromium"], signal);
    }
  },
};

function withPlaywright(options: readonly string[]): Way {
  return {
    sentence: "No browser is installed: downloading Chromium with Playwright, which may take some minutes.",
    async attempt(signal) {
      const playwright = dirname(createRequire(import.meta.url).resolve("playwright-core/package.json"));
      const args = [join(playwright, "cli.js"), "install", "--no-shell", ...options, "chromium"];
      await succeeds(process.execPath, args, signal);
    },
  };
}

/** What the program says is shown only if it fails. */
async function succeeds(program: string, args: readonly string[], signal: AbortSignal): Promise<boolean> {
  const said: Buffer[] = [];
  const child = spawn(program, args, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  child.stdout.on("data", (bytes: Buffer) => said.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => said.push(bytes));
  const failure = await new Promise<string | undefined>((resolve) => {
    child.on("error", ({ message }) => resolve(message));
    child.on("close", (code) => resolve(code === 0 ? undefined : `it ended with ${String(code)}`));
  });
  if (failure === undefined) return true;
  const end = Buffer.concat(said).toString().trim().split("\n").slice(-5).join("\n");
  process.stderr.write(`${program} ${args.join(" ")} failed: ${failure}\n${end}\n`);
  return false;
}
