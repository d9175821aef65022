import assert from "node:assert/strict";
import { pageTest } from "../helpers/browser.ts";
import { startBlockingProxy } from "./blocking-proxy.ts";
import { ReelPage } from "./reel-page.ts";
import { setStage } from "./stage.ts";
import { steadyStory } from "./stories.ts";

const FAILURES = [
  /WebSocket connection to .* failed/,
  /net::ERR_(CONNECTION_(RESET|REFUSED)|EMPTY_RESPONSE|ABORTED)/,
  /status of 503/,
  /EventSource's response has a/,
];

/** A better way is tried every 15 s; on a busy system one such round may be in vain. */
const BETTER_WAY = { timeout: 35_000 };

pageTest(
  "where sockets are blocked the page follows a run by an event stream, and comes back by itself",
  async (scene) => {
    scene.expected.push(...FAILURES);
    const { play, run, viewer } = await setStage(scene);
    const proxy = await startBlockingProxy(scene.t, viewer.url);
    proxy.sockets = "refuse";
    const reel = new ReelPage(scene.page, proxy.url);
    play({ story: steadyStory });
    await reel.openLive(3);
    await reel.connection.filter({ hasText: "Connected by event stream" }).waitFor();
    await reel.followsLive();
    await run("late-run", new Date().toISOString()).begin();
    await reel.link("Small talk").waitFor();

    proxy.sockets = "pass";
    await reel.connection
      .filter({ hasNotText: "by event stream" })
      .filter({ hasText: "Connected" })
      .waitFor(BETTER_WAY);
    await reel.followsLive();
  },
  { timeout: 90_000 },
);

pageTest(
  "where streams are blocked too it asks for what has changed, also over a restart, and shows nothing twice",
  async (scene) => {
    scene.expected.push(...FAILURES);
    const { play, run, viewer } = await setStage(scene);
    const proxy = await startBlockingProxy(scene.t, viewer.url);
    // One answers and says no, the other takes everything and says nothing.
    proxy.sockets = "refuse";
    proxy.streams = "swallow";
    const reel = new ReelPage(scene.page, proxy.url);
    play({ story: steadyStory });
    await reel.openLive(3);
    await reel.connection.filter({ hasText: "Connected by polling" }).waitFor();
    await reel.followsLive();
    assert.ok(proxy.polls > 0);

    await viewer.kill();
    await reel.connection.filter({ hasText: "Reconnecting" }).waitFor();
    await run("while-away", new Date().toISOString()).begin();
    const broke = Date.now();
    await viewer.restart();
    await reel.link("Small talk").waitFor({ timeout: 10_000 });
    scene.t.diagnostic(`right again ${Date.now() - broke} ms after the server was there again`);
    await reel.followsLive();
    assert.equal(await reel.link("Steady work").count(), 1);
    const said = (await reel.conversation()).match(/s\d+w\d/g) ?? [];
    assert.equal(new Set(said).size, said.length, "no word twice");

    proxy.streams = "pass";
    await reel.connection.filter({ hasText: "by event stream" }).waitFor(BETTER_WAY);
    proxy.sockets = "pass";
    await reel.connection.filter({ hasNotText: "by " }).filter({ hasText: "Connected" }).waitFor(BETTER_WAY);
    await reel.followsLive();
  },
  { timeout: 120_000 },
);
