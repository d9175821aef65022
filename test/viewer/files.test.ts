import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceEvent } from "../../src/protocol/bundle.ts";
import { Log } from "../../src/protocol/log.ts";
import { artifactOf } from "../../viewer/files/artifact.ts";
import { bundleFiles } from "../../viewer/files/bundle-files.ts";
import { type FileRow, filesAt } from "../../viewer/files/files-at.ts";
import { attemptWords } from "../../viewer/files/role-words.ts";
import { showAs } from "../../viewer/files/show-as.ts";
import { FileTexts, MOST_BYTES, type TextOfFile } from "../../viewer/live/artifacts.ts";
import { downloadAddress, fileAddress } from "../../viewer/live/file-address.ts";
import { RunIndex } from "../../viewer/playback/run-index.ts";
import { fileSize } from "../../viewer/ui/format.ts";
import { madeRun, T0, traced } from "./made-run.ts";
import { ServedRun } from "./served-run.ts";

const EDGE = Number.POSITIVE_INFINITY;

function artifact(name: string) {
  return { path: `artifacts/${name}`, mediaType: "text/plain", bytes: 10 };
}

function rowsOf(trace: readonly TraceEvent[], at = EDGE): readonly FileRow[] {
  const run = madeRun({ trace: Log.from(trace) });
  const index = new RunIndex();
  index.extend(run);
  const { value } = filesAt(run, index, at, 1);
  assert.ok(value !== null);
  return value.rows;
}

const written = { ...traced(2, 20, "artifact_written", "draft#1"), artifact: artifact("p") };
const trace = [
  traced(1, 0, "run_started", undefined, { inputArtifact: artifact("in") }),
  written,
  traced(3, 30, "acp_prompt_prepared", "draft#1", { promptArtifact: artifact("p") }),
  { ...traced(4, 80, "artifact_written", "draft#1"), artifact: artifact("r") },
  traced(5, 90, "node_outcome", "draft#1", {
    promptArtifact: artifact("p"),
    rawResponseArtifact: artifact("r"),
  }),
  traced(6, 95, "acp_prompt_prepared", "draft#2", { promptArtifact: artifact("p") }),
];

test("a file is listed once, by what it is for, from when it was written", () => {
  const named = (rows: readonly FileRow[]) =>
    rows.map(({ at, attempt, path, role }) => [path.slice(10), role, attempt, at - T0]);
  assert.deepEqual(named(rowsOf(trace.slice(0, 5))), [
    ["in", "input", null, 0],
    ["p", "prompt", "draft#1", 20],
    ["r", "reply", "draft#1", 80],
  ]);
  // The same content once more is the newest attempt's, and known since the first one named it.
  const again = rowsOf(trace);
  assert.deepEqual(named(again).at(-1), ["p", "prompt", "draft#2", 95]);
  assert.deepEqual(
    again.map(({ line, since }) => [line, since]),
    [
      [0, 0],
      [3, 3],
      [5, 1],
    ],
  );
});

test("before a line names it a file is not listed, and before it is used it is a file", () => {
  assert.deepEqual(rowsOf(trace, T0 - 1), []);
  assert.deepEqual(
    rowsOf(trace, T0 + 20).map(({ role }) => role),
    ["input", "written"],
  );
});

test("of a long run the newest lines' files are listed, and earlier ones on demand", async () => {
  const events = Array.from({ length: 5000 }, (_, line) =>
    line % 50 === 0
      ? { ...traced(line, line, "artifact_written", `n#${line}`), artifact: artifact(`f${line}`) }
      : traced(line, line, "node_heartbeat", "n#1"),
  );
  const whole = madeRun({ trace: Log.from(events) });
  const served = new ServedRun(whole, () => 300);
  await served.learn();
  for (const [at, newest] of [
    [EDGE, 4950],
    [T0 + 2049, 2000],
  ] as const) {
    const first = served.bring(() => filesAt(served.run, served.index, at, 1));
    const second = served.bring(() => filesAt(served.run, served.index, at, 2));
    assert.equal(first.rows.at(-1)?.path, `artifacts/f${newest}`);
    assert.ok(first.earlierThan !== null && first.rows.length >= 20 && first.rows.length < 30);
    assert.deepEqual(second.rows.slice(-first.rows.length), first.rows);
    assert.ok(second.rows.length > first.rows.length);
  }
});

test("however often earlier files are asked for, no more than so many lines are looked through", () => {
  const events = Array.from({ length: 20_000 }, (_, line) => ({
    ...traced(line, line, "artifact_written", `n#${line}`),
    artifact: artifact(`f${line}`),
  }));
  const run = madeRun({ trace: Log.from(events) });
  const index = new RunIndex();
  index.extend(run);
  const shown = filesAt(run, index, EDGE, 1000).value;
  assert.ok(shown !== null && shown.rows.length < 9000 && shown.earlierThan !== null);
});

test("the bundle's own files are those that its manifest names", () => {
  const manifest = {
    runId: "run-1",
    paths: { flow: "flow.json", trace: "trace.ndjson", sessionsDir: "sessions", runProjection: 7 },
    sessions: [{ id: "main", eventsPath: "sessions/main/events.ndjson" }, null, "odd"],
  };
  const { files, left } = bundleFiles(madeRun({ manifest }));
  assert.deepEqual(
    files.map(({ path }) => path),
    ["manifest.json", "flow.json", "trace.ndjson", "sessions/main/events.ndjson"],
  );
  assert.equal(left, 0);
  const many = { runId: "run-1", sessions: Array.from({ length: 300 }, (_, id) => ({ id: `s${id}` })) };
  assert.equal(bundleFiles(madeRun({ manifest: many })).left, 200);
});

test("a file is shown by its name's end, and by its media type where that says nothing", () => {
  const shown = (path: string, mediaType: string | null = null) => {
    const show = showAs(path, mediaType);
    return show.as === "code" ? `code ${show.language}` : show.as;
  };
  assert.deepEqual(
    ["a.json", "a.md", "a.txt", "a", "a.ts", "a.PNG", "a.pdf", "a.b/c", ".env"].map((path) => shown(path)),
    ["json", "markdown", "text", "text", "code ts", "image", "nothing", "text", "text"],
  );
  assert.equal(shown("a.txt", "application/json; charset=utf-8"), "json");
  assert.equal(shown("a", "application/ld+json"), "json");
  assert.equal(shown("a.txt", "text/markdown"), "markdown");
  // What a browser would run is text, whatever it calls itself.
  assert.deepEqual(
    [shown("a.svg", "image/svg+xml"), shown("a.html", "text/html"), shown("a.txt", "image/png")],
    ["code svg", "code html", "text"],
  );
});

test("a file's address is its name's, whatever stands in it", () => {
  assert.equal(fileAddress("run:1", "a b/ü?#%.txt"), "/api/runs/run%3A1/files/a%20b/%C3%BC%3F%23%25.txt");
  assert.equal(downloadAddress("r", "a.txt"), "/api/runs/r/files/a.txt?download");
  assert.equal(new URL(fileAddress("r", "//evil.example/x"), "http://127.0.0.1").host, "127.0.0.1");
});

test("a name that would lead a browser out of the run's files is none", () => {
  for (const path of ["../../health", "a/../../../health", "./a", "a//b", "", "a/%2e%2e/b", "a\\..\\b"])
    assert.equal(artifactOf({ path }), null, path);
  assert.equal(artifactOf({ path: "artifacts/..a/b..c" })?.path, "artifacts/..a/b..c");
  const manifest = { runId: "run-1", paths: { flow: "../../../health", trace: "trace.ndjson" } };
  assert.equal(bundleFiles(madeRun({ manifest })).files.length, 2);
});

test("sizes and attempts read as people write them", () => {
  assert.deepEqual([0, 999, 1000, 12_345, 999_499, 999_500, 1e9].map(fileSize), [
    "0 B",
    "999 B",
    "1.0 kB",
    "12 kB",
    "999 kB",
    "1.0 MB",
    "1,000 MB",
  ]);
  assert.deepEqual(["draft_the_review#2", "load#1"].map(attemptWords), ["Draft the review 2", "Load"]);
});

/** A server that answers when it is told to. */
class Answers {
  readonly asked: { readonly address: string; readonly signal: AbortSignal | undefined }[] = [];
  readonly #waiting: ((response: Response | Error) => void)[] = [];

  readonly fetch: typeof fetch = (address, init) => {
    const signal = init?.signal ?? undefined;
    this.asked.push({ address: String(address), signal });
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new Error("aborted")));
      this.#waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
    });
  };

  async give(answer: Response | Error): Promise<void> {
    this.#waiting.shift()?.(answer);
    for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function kindOf(file: TextOfFile): string {
  return file.text.value.kind;
}

test("a file is read once, however many look at it", async () => {
  const answers = new Answers();
  const texts = new FileTexts(answers.fetch);
  const file = texts.of("r", "a.txt");
  const letGo = file.hold();
  texts.of("r", "a.txt").hold();
  await answers.give(new Response("words"));
  assert.deepEqual(file.text.value, { kind: "text", text: "words", isWhole: true });
  letGo();
  texts.of("r", "a.txt").hold();
  assert.deepEqual(
    answers.asked.map(({ address }) => address),
    ["/api/runs/r/files/a.txt"],
  );
});

test("of a long file its beginning is read, and the rest is not waited for", async () => {
  const answers = new Answers();
  const file = new FileTexts(answers.fetch).of("r", "a.log");
  file.hold();
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("ä".repeat(9_999))),
    cancel: () => void (isCancelled = true),
  });
  await answers.give(new Response(endless));
  const { value } = file.text;
  assert.ok(value.kind === "text" && !value.isWhole && isCancelled);
  assert.equal(value.text, "ä".repeat(MOST_BYTES / 2));
});

test("a file that does not come says why, and can be asked for again", async () => {
  const answers = new Answers();
  const file = new FileTexts(answers.fetch).of("r", "a.txt");
  file.hold();
  await answers.give(new TypeError("no network"));
  assert.deepEqual(file.text.value, {
    kind: "failed",
    message: "This file could not be loaded: the viewer did not answer.",
  });
  file.retry();
  await answers.give(new Response("", { status: 404 }));
  assert.deepEqual(file.text.value, { kind: "failed", message: "The run has no such file any more." });
  file.retry();
  assert.equal(kindOf(file), "loading");
  await answers.give(new Response(new Uint8Array([104, 0, 105])));
  assert.equal(kindOf(file), "binary");
});

test("who scrubs past a file does not wait for it, and gets it when they come back", async () => {
  const answers = new Answers();
  const file = new FileTexts(answers.fetch).of("r", "a.txt");
  const letGo = file.hold();
  letGo();
  letGo();
  assert.equal(answers.asked[0]?.signal?.aborted, true);
  // Back before the broken off request has come to its end.
  const letGoAgain = file.hold();
  await answers.give(new Error("over"));
  assert.equal(answers.asked.length, 2);
  await answers.give(new Response("here"));
  assert.deepEqual(file.text.value, { kind: "text", text: "here", isWhole: true });
  letGoAgain();
  assert.equal(kindOf(file), "text");
});

test("the texts that nobody has looked at for longest are let go, never those that are looked at", async () => {
  const answers = new Answers();
  const texts = new FileTexts(answers.fetch);
  const held = texts.of("r", "held");
  held.hold();
  await answers.give(new Response("held"));
  for (let file = 0; file < 200; file += 1) {
    const letGo = texts.of("r", `${file}`).hold();
    await answers.give(new Response("x"));
    letGo();
  }
  assert.equal(texts.of("r", "held"), held);
  const before = answers.asked.length;
  texts.of("r", "199").hold();
  assert.equal(answers.asked.length, before);
  texts.of("r", "0").hold();
  assert.equal(answers.asked.length, before + 1);
});
