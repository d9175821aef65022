import assert from "node:assert/strict";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { request } from "node:http";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer, type TestViewer } from "../helpers/viewer.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** fetch cannot set Host, and tidies paths; this sends what it is told. */
function ask(
  viewer: TestViewer,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = "GET", headers = {}, body } = options;
    const asked = request({ host: "127.0.0.1", port: viewer.port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

function field(answer: Answer, name: string): unknown {
  const value: unknown = JSON.parse(answer.body);
  assert.ok(typeof value === "object" && value !== null);
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

async function viewerOfOneRun(t: Parameters<typeof tempDir>[0]) {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  await run.appendChunk("hello");
  const viewer = await startViewer(t, [root]);
  return { root, run, viewer };
}

test("health, the list and a run are there to read", async (t) => {
  const { root, run, viewer } = await viewerOfOneRun(t);
  const health = await ask(viewer, "/api/health");
  assert.equal(field(health, "service"), "runreel");
  assert.equal(field(health, "pid"), process.pid);
  assert.deepEqual(field(health, "runsDirs"), [root]);
  assert.equal(field(health, "startedAt"), viewer.startedAt);
  assert.match(String(field(health, "version")), /^\d+\.\d+\.\d+/);
  const runs = field(await ask(viewer, "/api/runs"), "runs");
  assert.ok(Array.isArray(runs));
  assert.deepEqual(
    runs.map(({ runId, path, status, source }) => ({ runId, path, status, source })),
    [{ runId: "run-a", path: run.dir, status: "running", source: "acpx" }],
  );
  const snapshot = await ask(viewer, "/api/runs/run-a");
  assert.equal(field(snapshot, "type"), "run_snapshot");
  assert.ok(snapshot.body.includes("hello"));
  const head = await ask(viewer, "/api/runs/run-a", { method: "HEAD" });
  assert.deepEqual([head.status, head.body], [200, ""]);
});

test("H8: the list comes in portions, newest first, and by search; without a query it comes whole", async (t) => {
  const root = await tempDir(t);
  for (let index = 0; index < 30; index += 1) {
    const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString();
    const runTitle = index % 2 === 0 ? "Grüße an alle" : "Nightly build";
    await new AcpxRun(root, `run-${index}`, startedAt).writeManifest({ status: "completed", runTitle });
  }
  const viewer = await startViewer(t, [root]);
  const portion = async (query: string) => {
    const answer = await ask(viewer, `/api/runs${query}`);
    assert.equal(answer.status, 200, answer.body);
    const runs = field(answer, "runs");
    assert.ok(Array.isArray(runs));
    return {
      ids: runs.map(({ runId }) => String(runId)),
      total: field(answer, "total"),
      next: field(answer, "next"),
      keys: Object.keys(JSON.parse(answer.body)),
    };
  };
  const all = Array.from({ length: 30 }, (_, index) => `run-${29 - index}`);
  const whole = await portion("");
  assert.deepEqual([whole.ids, whole.keys], [all, ["runs"]]);

  const first = await portion("?limit=20");
  assert.deepEqual([first.ids, first.total, first.next], [all.slice(0, 20), 30, "run-10"]);
  const second = await portion(`?limit=20&after=${String(first.next)}`);
  assert.deepEqual([second.ids, second.total, second.next], [all.slice(20), 30, null]);

  const found = await portion(`?q=${encodeURIComponent("  GRÜSSE ALLE ".replace("SS", "ß"))}&limit=3`);
  assert.deepEqual([found.ids, found.total, found.next], [["run-28", "run-26", "run-24"], 15, "run-24"]);
  const rest = await portion(`?q=alle&after=run-24`);
  assert.deepEqual([rest.ids.length, rest.ids[0], rest.total, rest.next], [12, "run-22", 15, null]);
  assert.deepEqual((await portion("?q=nightly+alle")).ids, []);
  assert.equal((await portion("?q=")).ids.length, 30);
});

test("H8: what cannot be asked for is refused with a sentence", async (t) => {
  const { viewer } = await viewerOfOneRun(t);
  const tries: [string, number][] = [
    ["limit=0", 400],
    ["limit=501", 400],
    ["limit=-1", 400],
    ["limit=1.5", 400],
    ["limit=many", 400],
    ["limit=", 400],
    [`q=${"x".repeat(201)}`, 400],
    ["after=nobody", 404],
    ["after=__proto__", 404],
    ["limit=500", 200],
    [`q=${"x".repeat(200)}`, 200],
    ["q=%E0%A4%A", 200],
  ];
  for (const [query, status] of tries) {
    const answer = await ask(viewer, `/api/runs?${query}`);
    assert.equal(answer.status, status, query);
    if (status !== 200) assert.match(String(field(answer, "error")), /^[A-Z].*\.$/);
  }
  assert.deepEqual(viewer.errors, []);
});

test("H1: the guard refuses foreign hosts, origins and sites before any route", async (t) => {
  const { viewer } = await viewerOfOneRun(t);
  const { port, url } = viewer;
  const tries: [Record<string, string>, number][] = [
    [{}, 200],
    [{ host: `localhost:${port}` }, 200],
    [{ origin: url }, 200],
    [{ "sec-fetch-site": "none" }, 200],
    [{ host: "evil.example" }, 403],
    [{ host: `evil.example:${port}` }, 403],
    [{ host: "127.0.0.1" }, 403],
    [{ host: `127.0.0.1:${port + 1}` }, 403],
    [{ host: `[::1]:${port}` }, 403],
    [{ host: `localhost:${port}`, origin: url }, 403],
    [{ origin: "null" }, 403],
    [{ origin: "http://localhost" }, 403],
    [{ origin: "http://evil.example" }, 403],
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
  ];
  for (const [headers, status] of tries) {
    for (const path of ["/api/health", "/api/runs/run-a/files/manifest.json", "/nothing/here"]) {
      const expected = status === 200 && path.startsWith("/nothing") ? 200 : status;
      assert.equal(
        (await ask(viewer, path, { headers })).status,
        expected,
        `${path} ${JSON.stringify(headers)}`,
      );
    }
  }
});

test("H1: a link from elsewhere may open the page, and nothing but the page", async (t) => {
  const { viewer } = await viewerOfOneRun(t);
  const headers = {
    "sec-fetch-site": "cross-site",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
  };
  assert.equal((await ask(viewer, "/runs/run-a", { headers })).status, 200);
  for (const path of ["/api/runs", "/%61pi/runs"]) {
    assert.equal((await ask(viewer, path, { headers })).status, 403, path);
  }
  assert.equal(
    (await ask(viewer, "/runs/run-a", { headers: { ...headers, "sec-fetch-dest": "iframe" } })).status,
    403,
  );
});

test("H2: every wrong request gets a sentence and its status, and the server goes on", async (t) => {
  const { viewer } = await viewerOfOneRun(t);
  const tries: [string, string, number][] = [
    ["GET", "/%E0%A4%A", 400],
    ["GET", "/api/runs/%E0%A4%A", 400],
    ["GET", "/api/nothing", 404],
    ["GET", "/api", 404],
    ["GET", "/api/runs/nothing", 404],
    ["GET", "/api/runs/__proto__", 404],
    ["GET", "/api/runs/run-a/files", 404],
    ["GET", "/api/runs/run-a/files/", 404],
    ["GET", "/api/runs/run-a/other", 404],
    ["POST", "/api/runs", 405],
    ["POST", "/api/live/stats", 405],
    ["POST", "/api/live/stream", 405],
    ["POST", "/api/live/recent", 405],
    ["POST", "/api/usage.csv", 405],
    ["GET", "/api/live/stats?tz=Mars/Olympus", 400],
    ["DELETE", "/api/runs/run-a", 405],
    ["PUT", "/", 405],
    ["GET", "/api/control/shutdown", 405],
    ["GET", "/assets/nothing.js", 404],
  ];
  for (const [method, path, status] of tries) {
    const answer = await ask(viewer, path, { method });
    assert.equal(answer.status, status, `${method} ${path}`);
    assert.match(String(field(answer, "error")), /^[A-Z].*\.$/);
  }
  assert.equal((await ask(viewer, "/api/health")).status, 200);
  assert.deepEqual(viewer.errors, []);
});

test("H2: an address that is no path at all is malformed", async (t) => {
  const { viewer } = await viewerOfOneRun(t);
  const socket = connect(viewer.port, "127.0.0.1");
  socket.end(`GET http://127.0.0.1/ HTTP/1.1\r\nHost: 127.0.0.1:${viewer.port}\r\nConnection: close\r\n\r\n`);
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  assert.match(text, /^HTTP\/1\.1 400 /);
});

test("H3, H4: only regular files inside a listed run can be read", async (t) => {
  const { root, run, viewer } = await viewerOfOneRun(t);
  await writeFile(join(root, "secret"), "secret");
  await symlink(join(root, "secret"), run.path("link.txt"));
  await symlink(root, run.path("folder"));
  await mkdir(run.path("artifacts"));
  await writeFile(run.path("artifacts/page.html"), "<script>alert(1)</script>");
  await writeFile(run.path("artifacts/empty.txt"), "");
  await writeFile(run.path("artifacts/a b%.json"), "{}");
  const files = "/api/runs/run-a/files";
  for (const name of [
    "../secret",
    "..%2fsecret",
    "%2e%2e/secret",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "link.txt",
    "folder/secret",
    "artifacts",
    "artifacts/nothing",
    "a%00b",
    "artifacts%5c..%5c..%5csecret",
    "x".repeat(5_000),
  ]) {
    assert.equal((await ask(viewer, `${files}/${name}`)).status, 404, name);
  }
  assert.equal((await ask(viewer, "/api/runs/%2fetc/files/passwd")).status, 404);
  assert.equal((await ask(viewer, "/api/runs/..%2frun-a/files/manifest.json")).status, 404);
  const page = await ask(viewer, `${files}/artifacts/page.html`);
  assert.equal(page.headers["content-type"], "text/plain; charset=utf-8");
  assert.match(String(page.headers["content-security-policy"]), /sandbox/);
  assert.deepEqual((await ask(viewer, `${files}/artifacts/empty.txt`)).body, "");
  assert.deepEqual((await ask(viewer, `${files}/artifacts/a%20b%25.json`)).body, "{}");
  const log = await ask(viewer, `${files}/${run.eventsFile}`);
  assert.ok(log.body.includes("hello"));
});

test("H4: the page's own folder is not left either", async (t) => {
  const { viewer } = await viewerOfOneRun(t);
  for (const path of [
    "/../secret.js",
    "/%2e%2e/secret.js",
    "/assets/../../secret.js",
    "/assets/..%2f..%2fsecret.js",
    "/assets/%00",
  ]) {
    const answer = await ask(viewer, path);
    assert.ok(answer.status === 404 || answer.body.includes("<title>page</title>"), path);
  }
});

test("the page that was there at the start is served whole, whatever becomes of its folder", async (t) => {
  const { viewer } = await viewerOfOneRun(t);
  await rm(viewer.pageDir, { recursive: true });
  const page = await ask(viewer, "/");
  assert.match(page.body, /<title>page/);
  assert.equal(page.headers["content-type"], "text/html; charset=utf-8");
  assert.equal((await ask(viewer, "/assets/main-1234.js")).status, 200);
  const headers = { "if-none-match": String(page.headers["etag"]) };
  const again = await ask(viewer, "/runs/run-a", { headers });
  assert.deepEqual([again.status, again.body], [304, ""]);
});

test("H5: shutting down needs a POST, the token and JSON", async (t) => {
  const { viewer } = await viewerOfOneRun(t);
  const json = { "content-type": "application/json" };
  const right = { authorization: `Bearer ${viewer.token}` };
  const path = "/api/control/shutdown";
  const tries: [Record<string, string>, number][] = [
    [json, 401],
    [{ ...json, authorization: "Bearer " }, 401],
    [{ ...json, authorization: "Bearer wrong" }, 401],
    [{ ...json, authorization: viewer.token }, 401],
    [right, 415],
    [{ ...right, "content-type": "text/plain" }, 415],
    [{ ...right, ...json, origin: "http://evil.example" }, 403],
  ];
  for (const [headers, status] of tries) {
    assert.equal((await ask(viewer, path, { method: "POST", headers, body: "{}" })).status, status);
  }
  assert.equal(viewer.shutdowns.count, 0);
  const headers = { ...json, ...right };
  assert.equal((await ask(viewer, path, { method: "POST", headers, body: "{}" })).status, 202);
  assert.equal(viewer.shutdowns.count, 1);
});

test("H6: every answer carries the safe headers, errors too", async (t) => {
  const { viewer } = await viewerOfOneRun(t);
  for (const path of ["/", "/runs/run-a", "/assets/main-1234.js", "/api/runs", "/api/nothing", "/%E0%A4%A"]) {
    const { headers } = await ask(viewer, path);
    assert.match(String(headers["content-security-policy"]), /^default-src 'none'/, path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    assert.equal(headers["access-control-allow-origin"], undefined, path);
  }
  assert.match(String((await ask(viewer, "/assets/main-1234.js")).headers["cache-control"]), /immutable/);
  assert.equal((await ask(viewer, "/runs/run-a")).headers["cache-control"], "no-cache");
});
