import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { AgentvRun } from "../../scripts/demo/agentv-run.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { Cli } from "../helpers/cli.ts";
import { RawClient } from "../helpers/raw-client.ts";
import { tempDir } from "../helpers/temp-dir.ts";

async function setUp(t: Parameters<typeof tempDir>[0]) {
  const base = await tempDir(t);
  const [home, runs, others] = [join(base, "home"), join(base, "runs"), join(base, "others")];
  await mkdir(runs);
  await mkdir(others);
  return { home, runs, others, cli: new Cli(t, home) };
}

test("a viewer starts, is found, serves the page, and stops", async (t) => {
  const { home, runs, cli } = await setUp(t);
  await new AcpxRun(runs, "run-a").begin();
  const { child, ready } = await cli.start("--runs-dir", runs, "--port", "0");
  assert.equal(ready.pid, child.pid);
  assert.deepEqual([ready.runsDirs, ready.reused], [[runs], false]);
  const page = await (await fetch(`${ready.url}/runs/run-a`)).text();
  assert.match(page, /<script type="module"/);
  for (const name of await readdir(home)) {
    assert.equal((await stat(join(home, name))).mode & 0o777, 0o600, "only its user reads the token");
  }

  const found = await cli.run("status", "--port", String(ready.port));
  assert.equal(found.code, 0);
  assert.ok(found.out.includes(ready.url) && found.out.includes(runs));
  const status: unknown = JSON.parse((await cli.run("status", "--json", "--port", String(ready.port))).out);
  assert.ok(typeof status === "object" && status !== null && "running" in status && "pid" in status);
  assert.deepEqual([status.running, status.pid], [true, child.pid]);

  const ended = once(child, "close");
  const stopped = await cli.run("stop", "--port", String(ready.port));
  assert.equal(stopped.code, 0, stopped.err);
  assert.deepEqual(await ended, [0, null]);
  assert.deepEqual(await readdir(home), []);
  assert.equal((await cli.run("status", "--port", String(ready.port))).code, 1);
  assert.equal(
    (await cli.run("stop", "--port", String(ready.port))).code,
    0,
    "nothing to stop is no failure",
  );
});

test("a viewer of the same folders is reused, one of other folders is refused by both names", async (t) => {
  const { runs, others, cli } = await setUp(t);
  const { ready } = await cli.start("--runs-dir", runs, "--port", "0");
  const port = String(ready.port);
  const again = await cli.run("--", "--runs-dir", join(runs, "..", "runs"), "--port", port, "--json");
  assert.equal(again.code, 0, again.err);
  assert.deepEqual(JSON.parse(again.out), { ...ready, reused: true });
  const refused = await cli.run("start", "--runs-dir", others, "--port", port);
  assert.equal(refused.code, 1);
  assert.ok(refused.err.includes(runs) && refused.err.includes(others), refused.err);
  const both = await cli.run("start", "--runs-dir", runs, "--runs-dir", others, "--port", port);
  assert.equal(both.code, 1);
});

test("the viewer of another user, without its token, is not stopped", async (t) => {
  const { home, runs, cli } = await setUp(t);
  const { ready } = await cli.start("--runs-dir", runs, "--port", "0");
  const stranger = new Cli(t, `${home}-other`);
  const refused = await stranger.run("stop", "--port", String(ready.port));
  assert.equal(refused.code, 1);
  assert.ok(refused.err.includes("token"));
  assert.equal((await fetch(`${ready.url}/api/health`)).status, 200);
});

test("a record left behind by a viewer that was killed does no harm", async (t) => {
  const { home, runs, cli } = await setUp(t);
  const { child, ready } = await cli.start("--runs-dir", runs, "--port", "0");
  child.kill("SIGKILL");
  await once(child, "close");
  await writeFile(join(home, "viewer-1.json"), "{ half");
  assert.equal((await cli.run("status", "--port", String(ready.port))).code, 1);
  const next = await cli.start("--runs-dir", runs, "--port", String(ready.port));
  assert.equal(next.ready.reused, false);
});

test("a wrong call gets a sentence and a code of its own", async (t) => {
  const { runs, others, cli } = await setUp(t);
  const busy = createServer((_request, response) => response.end("not a viewer"));
  t.after(() => busy.close());
  await new Promise<void>((resolve) => busy.listen(0, "127.0.0.1", resolve));
  const address = busy.address();
  assert.ok(typeof address === "object" && address !== null);
  const missing = join(others, "missing");
  const file = join(others, "file");
  await writeFile(file, "");
  const tries: [string[], number, RegExp][] = [
    [["dance"], 2, /no command "dance"/],
    [["start", "now"], 2, /one word too many/],
    [["--colour"], 2, /--colour/],
    [["--port", "eighty"], 2, /--port/],
    [["--port", "65536"], 2, /65535/],
    [["--port"], 2, /--port/],
    [["--host", "0.0.0.0"], 2, /this machine only/],
    [["--host", "example.com"], 2, /this machine only/],
    [["--runs-dir", missing, "--port", "0"], 1, /no folder .*missing/],
    [["--runs-dir", file, "--port", "0"], 1, /no folder .*file/],
    [["--runs-dir", runs, "--port", String(address.port)], 1, /already uses/],
  ];
  for (const [args, code, sentence] of tries) {
    const result = await cli.run(...args);
    assert.equal(result.code, code, `${args.join(" ")}: ${result.err}`);
    assert.match(result.err, sentence);
    assert.equal(result.out, "");
    assert.ok(!result.err.includes("    at "), "a sentence, not a stack");
  }
  assert.match((await cli.run("--help")).out, /Usage: runreel/);
  assert.match((await cli.run("--version")).out, /^\d+\.\d+\.\d+\n$/);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} closes the viewer, with clients on it too`, async (t) => {
    const { home, runs, cli } = await setUp(t);
    await new AcpxRun(runs, "run-a").begin();
    const { child, ready } = await cli.start("--runs-dir", runs, "--port", "0");
    const client = new RawClient(t, `${ready.url.replace("http", "ws")}/api/live`);
    await client.opened();
    client.say({ type: "subscribe_run", runId: "run-a" });
    await client.hear("run_snapshot");
    const ended = once(child, "close");
    child.kill(signal);
    assert.deepEqual(await ended, [0, null]);
    assert.equal(await client.closed(), 1001);
    assert.deepEqual(await readdir(home), []);
  });
}

test("without a named folder the flows of acpx and the evaluations where one is are shown, there or not", async (t) => {
  const { home, others, runs } = await setUp(t);
  const later = join(runs, "not", "yet");
  // As a package manager calls it: in the package's folder.
  const cli = new Cli(t, home, { ACPX_FLOW_RUNS_DIR: later, INIT_CWD: others });
  const { ready } = await cli.start("--port", "0");
  assert.deepEqual([ready.runsDirs, ready.workingDir], [[later, others], others]);
  const sessions = `Claude Code sessions in ${home}/.config/claude and ${home}/.claude, Codex sessions in ${home}/.codex`;
  const watched = `It watches ${later}, ${sessions}, and evaluations in ${others}.`;
  const port = String(ready.port);
  assert.ok((await cli.run("status", "--port", port)).out.includes(watched));
  await new AcpxRun(later, "run-a").begin();
  await new AcpxRun(others, "run-b").begin();
  const evaluation = new AgentvRun(join(others, ".agentv", "results", "runs", "default"), new Date(), "a", 1);
  await evaluation.start();
  const client = new RawClient(t, `${ready.url.replace("http", "ws")}/api/live`);
  await client.opened();
  client.say({ type: "subscribe_runs" });
  await client.hear("runs_snapshot");
  const heard = (id: string) => JSON.stringify(client.heard).includes(id);
  for (const id of ["run-a", evaluation.runId]) {
    if (!heard(id)) await client.hear("runs_patch", (patch) => JSON.stringify(patch).includes(id));
  }
  assert.ok(!heard("run-b"), "a flow is no evaluation");

  const elsewhere = new Cli(t, home, { ACPX_FLOW_RUNS_DIR: later, INIT_CWD: runs });
  const refused = await elsewhere.run("--port", port);
  assert.equal(refused.code, 1, "evaluations are looked for elsewhere");
  assert.ok(
    refused.err.includes(`evaluations in ${others}`) && refused.err.includes(`evaluations in ${runs}`),
  );
});
