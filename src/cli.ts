#!/usr/bin/env node
import { messageOf } from "./sources/file-errors.ts";
import { type Options, readOptions, USAGE, UsageError } from "./commands/options.ts";
import { createOutput, type Output } from "./commands/output.ts";
import { PageBuildError } from "./commands/page-build.ts";
import { start } from "./commands/start.ts";
import { status } from "./commands/status.ts";
import { stop } from "./commands/stop.ts";
import { VERSION } from "./version.ts";

// 0: done. 1: it could not be done, and a sentence says why. 2: the call was not understood.

function run(options: Options, output: Output): Promise<number> {
  switch (options.command) {
    case "start":
    case "open":
      return start(options, output);
    case "status":
      return status(options, output);
    case "stop":
      return stop(options, output);
  }
}

async function main(argv: readonly string[]): Promise<number> {
  const output = createOutput(argv.includes("--json"));
  try {
    const parsed = readOptions(argv, process.env);
    if (parsed.kind === "run") return await run(parsed.options, output);
    output.tell(parsed.kind === "help" ? USAGE : VERSION, { version: VERSION });
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      output.fail(error.message);
      return 2;
    }
    if (error instanceof PageBuildError) output.fail(error.message);
    else
      output.fail(
        `Runreel failed: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`,
      );
    return 1;
  }
}

process.exit(await main(process.argv.slice(2)));
