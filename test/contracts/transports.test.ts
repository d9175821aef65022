import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { rm } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import { reviveRun, type RunsState } from "../../src/protocol/bundle.ts";
import type { ClientMessage, ServerMessage } from "../../src/protocol/messages.ts";
import { applyPatch } from "../../src/protocol/patch.ts";
import { decodeOps } from "../../src/protocol/wire-ops.ts";
import type { Connect, Connection } from "../../viewer/live/connection.ts";
import { readMessage } from "../../viewer/live/connection.ts";
import type { Reply } from "../../viewer/live/ask-server.ts";
import { pollingConnect } from "../../viewer/live/polling-connection.ts";
import { AcpxRun } from "../helpers/acpx-run.ts";
import { ManualClock } from "../helpers/manual-clock.ts";
import { RawClient } from "../helpers/raw-client.ts";
import { tempDir } from "../helpers/temp-dir.ts";
import { startViewer } from "../helpers/viewer.ts";

/**
 * What holds of the live protocol by whatever way it comes: rule F1 of
 * docs/protocol.md. A stream and a socket are the server's; who polls is the page.
 */

type Way = (t: TestContext, url: string) => Connect;

const socket: Way = (t, url) => (events) => {
  const client = new RawClient(t, `${url.replace("http", "ws")}/api/live`);
  client.socket.on("open", () => events.opened());
  client.socket.on("close", () => events.closed());
  client.socket.on("message", (data) => tell(events, data.toString()));
  return { send: (message) => client.say(message), close: () => client.socket.close() };
};

const stream: Way = (t, url) => (events) => {
  let name = "";
  let last = Promise.resolve();
  const asked = get(`${url}/api/live/channel`, (response: IncomingMessage) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (part: string) => {
      text += part;
      const frames = text.split("\n\n");
      text = frames.pop() ?? "";
      for (const frame of frames) {
        const data = /^data: (.*)$/m.exec(frame)?.[1];
        if (data === undefined) continue;
        if (!frame.startsWith("event: stream")) tell(events, data);
        else {
          name = data;
          events.opened();
        }
      }
    });
    response.on("close", () => events.closed());
  });
  asked.on("error", () => undefined);
  t.after(() => asked.destroy());
  return {
    send(message) {
      last = last.then(async () => void (await post(`${url}/api/live/${name}`, JSON.stringify(message))));
    },
    close: () => asked.destroy(),
  };
};

const polling: Way = (t, url) => {
  const timers = new Set<NodeJS.Timeout>();
  t.after(() => timers.forEach(clearTimeout));
  return pollingConnect({
    ask: async (address): Promise<Reply> => {
      const response = await fetch(url + address).catch(() => null);
      if (response === null) return { kind: "failed" };
      if (response.status === 204) return { kind: "same" };
      if (response.status === 404) return { kind: "gone" };
      return response.ok ? { kind: "message", text: await response.text() } : { kind: "failed" };
    },
    after: (_ms, task) => {
      const timer = setTimeout(task, 20);
      timers.add(timer);
      return () => clearTimeout(timer);
    },
  });
};

const WAYS: Readonly<Record<string, Way>> = { socket, stream, polling };

function tell(events: Parameters<Connect>[0], data: string): void {
  const message = readMessage(data);
  if (message?.type === "pong") events.pong();
  else if (message !== null) events.message(message);
}

async function post(url: string, body: string, type = "application/json"): Promise<number> {
  const asked = request(url, { method: "POST", headers: { "content-type": type } });
  asked.end(body);
  const [response]: IncomingMessage[] = await once(asked, "response");
  assert.ok(response !== undefined);
  response.resume();
  return response.statusCode ?? 0;
}

/** Keeps what it hears, and waits for what is to come. */
class Client {
  readonly heard: ServerMessage[] = [];
  isOpen = false;
  isClosed = false;
  readonly #connection: Connection;
  #wake: () => void = () => undefined;

  constructor(connect: Connect) {
    this.#connection = connect({
      opened: () => {
        this.isOpen = true;
        this.#wake();
      },
      pong: () => undefined,
      message: (message) => {
        this.heard.push(message);
        this.#wake();
      },
      closed: () => {
        this.isClosed = true;
        this.#wake();
      },
    });
  }

  static async open(connect: Connect): Promise<Client> {
    const client = new Client(connect);
    await client.until(() => client.isOpen);
    client.say({ type: "hello", protocol: "runreel.live.v1" });
    return client;
  }

  say(message: ClientMessage): void {
    this.#connection.send(message);
  }

  close(): void {
    this.#connection.close();
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(JSON.stringify(this.heard).slice(0, 500))), 8_000);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async hear<Type extends ServerMessage["type"]>(
    type: Type,
  ): Promise<Extract<ServerMessage, { type: Type }>> {
    const isIt = (message: ServerMessage): message is Extract<ServerMessage, { type: Type }> =>
      message.type === type;
    await this.until(() => this.heard.some(isIt));
    const found = this.heard.find(isIt);
    assert.ok(found !== undefined);
    return found;
  }

  /** The run as all that was heard makes it. */
  run(): unknown {
    let state: unknown = null;
    for (const message of this.heard) {
      if (message.type === "run_snapshot") state = reviveRun([], message.state);
      if (message.type === "patch") state = applyPatch(state, decodeOps(message.ops), reviveRun);
    }
    return state;
  }
}

for (const [name, way] of Object.entries(WAYS)) {
  const setUp = async (t: TestContext) => {
    const root = await tempDir(t);
    const run = await new AcpxRun(root, "run-a").begin();
    const viewer = await startViewer(t, [root]);
    const connect = way(t, viewer.url);
    return { root, run, viewer, connect };
  };

  test(`F1, ${name}: the list and a run come as they stand, and then what changes, from version to version`, async (t) => {
    const { connect, root, run } = await setUp(t);
    const client = await Client.open(connect);
    client.say({ type: "subscribe_runs" });
    client.say({ type: "subscribe_run", runId: "run-a" });
    const list: RunsState = (await client.hear("runs_snapshot")).state;
    assert.deepEqual(list.order, ["run-a"]);
    const { topic, version } = await client.hear("run_snapshot");
    for (let count = 1; count <= 20; count += 1) await run.appendChunk(`word-${count} `);
    await new AcpxRun(root, "run-b", "2026-02-01T00:00:00.000Z").begin();
    await client.until(
      () =>
        JSON.stringify(client.run()).includes("word-20 ") && JSON.stringify(client.heard).includes("run-b"),
    );
    let at = version;
    for (const message of client.heard) {
      if (message.type !== "patch") continue;
      assert.equal(message.from, at);
      assert.equal(message.topic, topic);
      at = message.to;
    }
    assert.ok(at > version);
    const fresh = await Client.open(connect);
    fresh.say({ type: "subscribe_run", runId: "run-a" });
    await fresh.hear("run_snapshot");
    assert.equal(JSON.stringify(client.run()), JSON.stringify(fresh.run()));
    client.close();
    fresh.close();
  });

  test(`F1, ${name}: who comes back with its place goes on from it, and gets nothing twice`, async (t) => {
    const { connect, run } = await setUp(t);
    const first = await Client.open(connect);
    first.say({ type: "subscribe_runs" });
    first.say({ type: "subscribe_run", runId: "run-a" });
    const { epoch, version } = await first.hear("run_snapshot");
    const list = await first.hear("runs_snapshot");
    first.close();
    await run.appendChunk("while it was away ");
    const again = await Client.open(connect);
    again.say({ type: "subscribe_runs", epoch: list.epoch, version: list.version });
    again.say({ type: "subscribe_run", runId: "run-a", epoch, version });
    const resumed = await again.hear("run_resumed");
    assert.deepEqual([resumed.epoch, resumed.version], [epoch, version]);
    await again.hear("runs_resumed");
    const patch = await again.hear("patch");
    assert.equal(patch.from, version);
    assert.equal(patch.topic, resumed.topic);
    assert.ok(JSON.stringify(again.heard).includes("while it was away"));
    assert.ok(!again.heard.some(({ type }) => type === "run_snapshot"));
    again.close();
  });

  test(`F1, ${name}: a place of another life gets a snapshot, a resync too, and no run an error`, async (t) => {
    const { connect, root } = await setUp(t);
    const client = await Client.open(connect);
    client.say({ type: "subscribe_run", runId: "run-a", epoch: "elsewhere", version: 3 });
    assert.equal((await client.hear("run_snapshot")).reason, "new_epoch");
    client.say({ type: "resync_run", runId: "run-a" });
    await client.until(() => client.heard.filter(({ type }) => type === "run_snapshot").length === 2);
    client.say({ type: "unsubscribe_run", runId: "run-a" });
    client.say({ type: "subscribe_run", runId: "no-such-run" });
    assert.equal((await client.hear("error")).code, "run_not_found");
    client.say({ type: "subscribe_run", runId: "run-a" });
    await client.until(() => client.heard.filter(({ type }) => type === "run_snapshot").length === 3);
    await rm(root, { recursive: true });
    await client.until(() => client.heard.filter(({ type }) => type === "error").length === 2);
    client.close();
  });

  test(`F1, ${name}: two runs are read at a time, and neither is taken for the other`, async (t) => {
    const { connect, root, run } = await setUp(t);
    const other = await new AcpxRun(root, "run-b", "2026-02-01T00:00:00.000Z").begin();
    const client = await Client.open(connect);
    client.say({ type: "subscribe_runs" });
    await client.until(() => JSON.stringify(client.heard).includes("run-b"));
    client.say({ type: "subscribe_run", runId: "run-a" });
    client.say({ type: "subscribe_run", runId: "run-b" });
    const snapshots = () => client.heard.filter((message) => message.type === "run_snapshot");
    await client.until(() => snapshots().length === 2);
    const topics = new Map(snapshots().map(({ runId, topic }) => [topic, runId]));
    assert.equal(topics.size, 2);
    await run.appendChunk("said in a ");
    await other.appendChunk("said in b ");
    const heardOf = (runId: string) =>
      JSON.stringify(
        client.heard.filter((message) => message.type === "patch" && topics.get(message.topic) === runId),
      );
    await client.until(() => heardOf("run-a").includes("said in") && heardOf("run-b").includes("said in"));
    assert.ok(!heardOf("run-a").includes("in b") && !heardOf("run-b").includes("in a"));
    client.say({ type: "unsubscribe_run", runId: "run-b" });
    await run.appendChunk("and again ");
    await client.until(() => heardOf("run-a").includes("again"));
    assert.equal(snapshots().length, 2);
    client.close();
  });

  test(`F1, ${name}: the end of the server ends it`, async (t) => {
    const { connect, viewer } = await setUp(t);
    const client = await Client.open(connect);
    client.say({ type: "subscribe_runs" });
    await client.hear("runs_snapshot");
    await viewer.close();
    await client.until(() => client.isClosed);
  });
}

test("F2: a stream's messages need its id and JSON, and are no longer than a socket's", async (t) => {
  const viewer = await startViewer(t, [await tempDir(t)]);
  assert.equal(await post(`${viewer.url}/api/live/${"x".repeat(24)}`, "{}"), 404);
  assert.equal(await post(`${viewer.url}/api/live/channel`, "{}"), 404);
  assert.equal(await post(`${viewer.url}/api/live/any`, "{}", "text/plain"), 415);
  assert.equal(await post(`${viewer.url}/api/live/any`, " ".repeat(64 * 1024 + 1)), 413);
  assert.equal(await post(`${viewer.url}/api/runs`, "{}"), 405);
});

test("F4: a place that is none gets 400, a run that is not there 404, what has not changed 204", async (t) => {
  const root = await tempDir(t);
  await new AcpxRun(root, "run-a").begin();
  const viewer = await startViewer(t, [root]);
  const status = async (path: string) => (await fetch(viewer.url + path)).status;
  assert.equal(await status("/api/runs?since=yesterday"), 400);
  assert.equal(await status("/api/runs/nobody?since="), 404);
  const first = readMessage(await (await fetch(`${viewer.url}/api/runs?since=`)).text());
  assert.ok(first?.type === "runs_snapshot");
  assert.equal(await status(`/api/runs?since=${first.epoch}.${first.version}`), 204);
});

test("F1: a stream that is silent gets a comment every 15 s, and is forgotten when its client leaves", async (t) => {
  const clock = new ManualClock(Date.now());
  const viewer = await startViewer(t, [await tempDir(t)], { clock });
  const asked = get(`${viewer.url}/api/live/channel`);
  asked.on("error", () => undefined);
  const [response]: IncomingMessage[] = await once(asked, "response");
  assert.ok(response !== undefined);
  assert.equal(response.headers["content-type"], "text/event-stream");
  let text = "";
  response.setEncoding("utf8");
  response.on("data", (part: string) => (text += part));
  const comments = () => text.split("\n").filter((line) => line.startsWith(":")).length;
  while (!text.includes("ready")) await once(response, "data");
  clock.advance(14_999);
  assert.equal(comments(), 0);
  for (let count = 1; count <= 3; count += 1) {
    clock.advance(count === 1 ? 1 : 15_000);
    while (comments() < count) await once(response, "data");
  }
  const id = /event: stream\ndata: (\S+)/.exec(text)?.[1];
  assert.ok(id !== undefined && id.length === 24);
  const say = () => post(`${viewer.url}/api/live/${id}`, JSON.stringify({ type: "ping" }));
  assert.equal(await say(), 204);
  asked.destroy();
  while ((await say()) !== 404) await new Promise((resolve) => setImmediate(resolve));
});

test("F1, P17, P18: a stream that nobody reads holds no more than a socket's, and is closed", async (t) => {
  const root = await tempDir(t);
  const run = await new AcpxRun(root, "run-a").begin();
  const clock = new ManualClock(Date.now());
  const viewer = await startViewer(t, [root], { clock });
  const { port } = new URL(viewer.url);
  const raw = connect(Number(port), "127.0.0.1");
  t.after(() => raw.destroy());
  raw.on("error", () => undefined);
  raw.write(`GET /api/live/channel HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  let head = "";
  while (!head.includes("ready")) head += String((await once(raw, "data"))[0]);
  const id = /data: (\S{24})/.exec(head)?.[1] ?? "";
  raw.pause();
  const say = (message: object) => post(`${viewer.url}/api/live/${id}`, JSON.stringify(message));
  await say({ type: "hello", protocol: "runreel.live.v1" });
  assert.equal(await say({ type: "subscribe_run", runId: "run-a" }), 204);
  const before = process.memoryUsage().external;
  const patch = "x".repeat(200_000);
  let status = 204;
  // Some megabytes go into the system's own buffers; then it lags, and time passes without progress.
  for (let count = 0; count < 400 && status === 204; count += 1) {
    await run.appendChunk(patch);
    clock.advance(count < 60 ? 100 : 1_000);
    status = await say({ type: "ping" });
  }
  assert.equal(status, 404, "it was closed");
  assert.ok(process.memoryUsage().external - before < 64 * 1024 * 1024);
});

test("F2: who leaves in the middle of a message is no failure of the server", async (t) => {
  const viewer = await startViewer(t, [await tempDir(t)]);
  const { port } = new URL(viewer.url);
  const raw = connect(Number(port), "127.0.0.1");
  raw.on("error", () => undefined);
  const head = ["POST /api/live/any HTTP/1.1", `Host: 127.0.0.1:${port}`, "Content-Type: application/json"];
  raw.write([...head, "Content-Length: 100", "", "{half"].join("\r\n"), () => raw.destroy());
  await once(raw, "close");
  assert.equal((await fetch(`${viewer.url}/api/health`)).status, 200);
  assert.deepEqual(viewer.errors, []);
});
