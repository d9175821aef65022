import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { readOptions, UsageError } from "../../src/commands/options.ts";
import { Cli } from "../helpers/cli.ts";
import { tempDir } from "../helpers/temp-dir.ts";

async function setUp(t: TestContext, config?: unknown) {
  const home = join(await tempDir(t), "home");
  await mkdir(home);
  if (config !== undefined) {
    const text = typeof config === "string" ? config : JSON.stringify(config);
    await writeFile(join(home, "config.json"), text);
  }
  const read = (argv: readonly string[], env: Record<string, string> = {}) => {
    const parsed = readOptions(argv, { RUNREEL_HOME: home, INIT_CWD: "/here", ...env });
    assert.ok(parsed.kind === "run");
    return parsed.options;
  };
  return { home, read };
}

const atHome = (...names: string[]) => join(homedir(), ...names);
const claude = { sources: ["claude-code"] };
const codex = { sources: ["codex"] };

test("without a word every producer's own folder is looked into; that it is not there is no news", async (t) => {
  const { read } = await setUp(t);
  assert.deepEqual(read([]).roots, [
    { dir: atHome(".acpx", "flows", "runs"), isQuiet: true },
    { dir: atHome(".config", "claude"), ...claude, isQuiet: true },
    { dir: atHome(".claude"), ...claude, isQuiet: true },
    { dir: atHome(".codex"), ...codex, isQuiet: true },
  ]);
  assert.equal(read([]).workingDir, "/here");
  assert.equal(read([]).watch, true);
});

test("the producers' own variables lead elsewhere, and then the folders should be there", async (t) => {
  const { read } = await setUp(t);
  const env = { ACPX_FLOW_RUNS_DIR: "/flows", CLAUDE_CONFIG_DIR: "/one, /two,", CODEX_HOME: "/codex" };
  assert.deepEqual(read([], env).roots, [
    { dir: "/flows", isQuiet: true },
    { dir: "/one", ...claude },
    { dir: "/two", ...claude },
    { dir: "/codex", ...codex },
  ]);
  assert.deepEqual(read(["--runs-dir", "/named"], env).roots, [{ dir: "/named" }], "the only one");
  assert.equal(read(["--runs-dir", "/named"], env).workingDir, undefined);
});

test("the default roots can be switched off, one by one or all", async (t) => {
  const off = await setUp(t, { defaultRoots: false, roots: { codex: ["~/work", "/codex"] }, watch: false });
  assert.deepEqual(off.read([]).roots, [
    { dir: atHome("work"), ...codex },
    { dir: "/codex", ...codex },
  ]);
  assert.deepEqual([off.read([]).workingDir, off.read([]).watch], [undefined, false]);
  assert.equal(off.read(["--watch"]).watch, true, "an option wins");
  assert.equal(off.read(["--default-roots"]).roots.length, 5);
  assert.deepEqual(off.read(["--runs-dir", "/named"]).roots, [{ dir: "/named" }]);

  const one = await setUp(t, { roots: { claudeCode: false, codex: true, acpx: ["/flows"] } });
  assert.deepEqual(one.read([]).roots, [
    { dir: "/flows" },
    { dir: atHome(".codex"), ...codex, isQuiet: true },
  ]);
  assert.deepEqual(one.read(["--no-default-roots"]).roots, [{ dir: "/flows" }], "what was named stays");
  assert.equal(one.read(["--no-watch"]).watch, false);
});

test("no folder at all is a call that cannot be carried out; a viewer can be ended all the same", async (t) => {
  const { read } = await setUp(t);
  assert.throws(() => read(["--no-default-roots"]), /name one with --runs-dir/);
  assert.deepEqual(read(["--no-default-roots", "--runs-dir", "/named"]).roots, [{ dir: "/named" }]);
  assert.equal(read(["stop", "--no-default-roots"]).command, "stop");
});

for (const [config, sentence] of [
  ["{ half", /config\.json is not JSON: /],
  ["[]", /config\.json: it must be an object\./],
  [{ watch: "no" }, /config\.json: "watch" must be true or false\./],
  [{ roots: { codex: 3 } }, /config\.json: "roots\.codex" must be true, false or a list of folders\./],
  [{ roots: { codex: [3] } }, /config\.json: "roots\.codex.*a list of folders\./],
  [{ roots: { claude: true } }, /config\.json: "roots\.claude" is not known\./],
  [{ rots: {} }, /config\.json: "rots" is not known\./],
] as const) {
  test(`a config of ${JSON.stringify(config)} is told by file and member`, async (t) => {
    const { home, read } = await setUp(t, config);
    assert.throws(
      () => read([]),
      (error) => error instanceof UsageError && error.message.includes(home) && sentence.test(error.message),
    );
    assert.equal(read(["status"]).command, "status", "what is running can be asked for");
  });
}

test("on the command line: what is wrong is a sentence and code 2; what is watched is said", async (t) => {
  const { home } = await setUp(t, { watch: 1 });
  const cli = new Cli(t, home);
  const refused = await cli.run("--port", "0");
  assert.deepEqual([refused.code, refused.out], [2, ""]);
  assert.match(refused.err, /^\S+config\.json: "watch" must be true or false\.\n$/);
  await writeFile(join(home, "config.json"), JSON.stringify({ roots: { codex: false } }));
  const nothing = await cli.run("--no-default-roots", "--port", "0");
  assert.equal(nothing.code, 2);

  const { ready } = await new Cli(t, home, { INIT_CWD: home }).start("--no-watch", "--port", "0");
  assert.deepEqual(ready.sessionDirs, [
    { dir: join(home, ".config", "claude"), source: "claude-code" },
    { dir: join(home, ".claude"), source: "claude-code" },
  ]);
  const health: unknown = await (await fetch(`${ready.url}/api/health`)).json();
  assert.ok(
    typeof health === "object" && health !== null && "watching" in health && "watchTrouble" in health,
  );
  assert.equal(health.watching, "off");
  assert.match(JSON.stringify(health.watchTrouble), /Watching is off/);
  const status = await cli.run("status", "--port", String(ready.port));
  assert.match(status.out, /watches nothing/);
});
