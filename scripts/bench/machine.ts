import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, release, type } from "node:os";
import { join, dirname } from "node:path";
import * as v from "valibot";

const Package = v.pipe(v.string(), v.parseJson(), v.looseObject({ version: v.string() }));

/** One line about where and with what the figures were made. */
export function describeMachine(): string {
  const require = createRequire(import.meta.url);
  const versionOf = (file: string) => v.parse(Package, readFileSync(file, "utf8")).version;
  const installed = (name: string) =>
    `${name} ${versionOf(join(dirname(require.resolve(name)), "package.json"))}`;
  const runreel = versionOf(new URL("../../package.json", import.meta.url).pathname);
  return [
    new Date().toISOString().slice(0, 10),
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "unknown"})`,
    `load ${loadavg()[0]?.toFixed(1)} before`,
    `${type()} ${release()}`,
    `Node ${process.versions.node}`,
    `Runreel ${runreel}`,
    installed("ws"),
    installed("fast-json-patch"),
  ].join(", ");
}
