import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { pageTest } from "../helpers/browser.ts";
import { agentvProducer } from "./agentv-producers.ts";
import { startBlockingProxy } from "./blocking-proxy.ts";
import { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { until } from "./until.ts";

/**
 * What the users of AgentV were promised of a live view, condition by condition
 * (its issue 997); the sixth, starting runs from the page, is not built.
 */

/** What an evaluation's row said, each time it said something else. */
interface Seen {
  readonly words: string;
  readonly mark: string;
  /** Ms since the epoch. */
  readonly at: number;
}

interface Counts {
  readonly done: number;
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly errors: number;
}

const WORDS = /(\d+) of (\d+) tests done: (\d+) passed, (\d+) failed, (\d+) error/;

function countsOf(words: string): Counts {
  const [done, total, passed, failed, errors] = (WORDS.exec(words) ?? []).slice(1).map(Number);
  assert.ok(
    done !== undefined &&
      total !== undefined &&
      passed !== undefined &&
      failed !== undefined &&
      errors !== undefined,
    words,
  );
  return { done, total, passed, failed, errors };
}

/** Notes in the page what the rows of evaluations say; over a reload it would begin anew. */
async function watchRows(page: Page): Promise<() => Promise<Seen[]>> {
  await page.evaluate(() => {
    const seen: { words: string; mark: string; at: number }[] = [];
    // Nothing here has a name of its own: what compiles the tests would look for helpers that the page lacks.
    new MutationObserver(() => {
      for (const row of document.querySelectorAll("a.run-row")) {
        const words = row.getAttribute("title") ?? "";
        const mark = row.querySelector(".mark")?.getAttribute("title") ?? "";
        const last = seen.at(-1);
        if (!words.includes("tests done") || (last?.words === words && last.mark === mark)) continue;
        seen.push({ words, mark, at: Date.now() });
      }
    }).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
    Object.assign(window, { seen });
  });
  return () => page.evaluate(() => ("seen" in window && Array.isArray(window.seen) ? window.seen : []));
}

/** Neither a count nor how many are done ever goes back. */
function assertGrows(seen: readonly Seen[]): void {
  let before: Counts = { done: 0, total: 0, passed: 0, failed: 0, errors: 0 };
  for (const { words } of seen) {
    const now = countsOf(words);
    assert.ok(now.done >= before.done && now.total >= before.total, words);
    assert.ok(
      now.passed >= before.passed && now.failed >= before.failed && now.errors >= before.errors,
      words,
    );
    assert.equal(now.passed + now.failed + now.errors, now.done, words);
    before = now;
  }
}

const END: Counts = { done: 10, total: 10, passed: 8, failed: 1, errors: 1 };

pageTest("AgentV's conditions 1 to 4, 7 and 8, of one run from its start to its end", async (scene) => {
  const { t } = scene;
  const { reel, runsDir, viewer } = await setStage(scene);
  await reel.open();
  await reel.connection.filter({ hasText: "Connected" }).waitFor();
  const rows = await watchRows(reel.page);
  await reel.page.evaluate(() => {
    const events: { event: string; data: Record<string, unknown> }[] = [];
    const source = new EventSource("/api/events");
    for (const event of ["run_started", "test_result", "run_completed"])
      source.addEventListener(event, ({ data }) => events.push({ event, data: JSON.parse(String(data)) }));
    Object.assign(window, { events });
  });
  const producer = agentvProducer(t);
  t.diagnostic(`the evaluation is written by ${producer.name}`);
  const evaluation = await producer.launch(runsDir);

  await t.test("1, 2: a row in progress, 0 of the planned tests, with neither mark", async () => {
    await until("the row", async () => (await rows()).length > 0);
    const [first] = await rows();
    assert.ok(first !== undefined);
    t.diagnostic(`a row ${first.at - evaluation.startedAt} ms after the process started`);
    assert.deepEqual(countsOf(first.words), { done: 0, total: 10, passed: 0, failed: 0, errors: 0 });
    assert.equal(first.mark, "Starting");
  });

  await t.test("7: a page opened in the middle shows the counts as they are", async () => {
    await until("some results", async () => countsOf((await rows()).at(-1)?.words ?? "").done >= 3);
    const later = await scene.page.context().newPage();
    await later.goto(`${viewer.url}/`);
    const row = later.locator("a.run-row");
    await row.waitFor();
    const words = (await row.getAttribute("title")) ?? "";
    assert.ok(countsOf(words).done >= 3, words);
    await later.close();
  });

  await t.test(
    "3: the counts move as each test resolves and never go back, over the final rewrite too",
    async () => {
      await evaluation.ended;
      await until("its end", async () => (await rows()).at(-1)?.mark === "1 failed, 1 error");
      const seen = await rows();
      assertGrows(seen);
      const steps = new Set(seen.map(({ words }) => countsOf(words).done));
      assert.ok(
        steps.size >= 6,
        `${[...steps].join(" ")}: they move one by one, but for those that end together`,
      );
      for (const { mark, words } of seen.slice(0, -1))
        assert.match(mark, /^(Starting|Running|Finalising)$/, `${words}: no mark before the end`);
    },
  );

  await t.test("4: in the end a mark, and the pass rate of its files", async () => {
    const last = (await rows()).at(-1);
    assert.deepEqual(countsOf(last?.words ?? ""), END);
    assert.match(last?.words ?? "", /pass rate 88\.9 %/);
  });

  await t.test("8: the events say the same", async () => {
    const heard = await reel.page.evaluate(() =>
      "events" in window && Array.isArray(window.events) ? window.events : [],
    );
    const kinds = heard.map(({ event }) => event);
    assert.deepEqual(kinds, [
      "run_started",
      ...Array.from({ length: 10 }, () => "test_result"),
      "run_completed",
    ]);
    const [started] = heard;
    assert.equal(started?.data.total, 10);
    assert.match(String(started?.data.eval_file), /arith\.eval\.yaml$/);
    const results = heard.slice(1, -1).map(({ data }) => data);
    assert.equal(new Set(results.map(({ test_id }) => test_id)).size, 10);
    assert.ok(results.every(({ total }) => total === 10));
    const { failed, pass_rate, passed } = heard.at(-1)?.data ?? {};
    assert.deepEqual([passed, failed], [8, 1]);
    assert.equal(Number(pass_rate).toFixed(3), "0.889");
  });
});

const AWAY = [
  /WebSocket connection to .* failed/,
  /net::ERR_/,
  /status of 503/,
  /EventSource's response has a/,
];

pageTest(
  "AgentV's condition 5: over a killed server the row is right within ten seconds, once",
  async (scene) => {
    scene.expected.push(...AWAY);
    const { reel, runsDir, viewer } = await setStage(scene);
    await reel.open();
    const rows = await watchRows(reel.page);
    const evaluation = await agentvProducer(scene.t).launch(runsDir);
    await until("some results", async () => /[1-9] of 10/.test((await rows()).at(-1)?.words ?? ""));
    await viewer.kill();
    await reel.connection.filter({ hasText: "Reconnecting" }).waitFor();
    await evaluation.ended;
    await viewer.restart();
    const back = Date.now();
    await until("its end", async () => (await rows()).at(-1)?.mark === "1 failed, 1 error");
    scene.t.diagnostic(`right ${Date.now() - back} ms after the server was back`);
    assertGrows(await rows());
    assert.equal(await reel.page.locator("a.run-row").count(), 1);
  },
);

pageTest(
  "AgentV's condition 5, with sockets and event streams blocked: the same by polling",
  async (scene) => {
    scene.expected.push(...AWAY);
    const { runsDir, viewer } = await setStage(scene);
    const proxy = await startBlockingProxy(scene.t, viewer.url);
    proxy.sockets = "refuse";
    proxy.streams = "refuse";
    const reel = new ReelPage(scene.page, proxy.url);
    await reel.open();
    await reel.connection.filter({ hasText: "by polling" }).waitFor();
    const rows = await watchRows(reel.page);
    const evaluation = await agentvProducer(scene.t).launch(runsDir);
    await until("some results", async () => /[1-9] of 10/.test((await rows()).at(-1)?.words ?? ""));
    await viewer.kill();
    await evaluation.ended;
    await viewer.restart();
    await until("its end", async () => (await rows()).at(-1)?.mark === "1 failed, 1 error");
    assertGrows(await rows());
    assert.equal(await reel.page.locator("a.run-row").count(), 1);
  },
);
