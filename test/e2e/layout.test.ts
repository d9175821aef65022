import assert from "node:assert/strict";
import { restingReview } from "../../scripts/demo/endings.ts";
import { pageTest } from "../helpers/browser.ts";
import { setStage } from "./stage.ts";
import { steadyStory } from "./stories.ts";
import { until } from "./until.ts";

pageTest("the side is made wider by keyboard and by dragging, and stays so", async (scene) => {
  const { reel, run } = await setStage(scene);
  await (await run("run-a").begin()).appendChunk("Words.");
  await reel.open("/runs/run-a");
  await reel.says("Words.");
  const side = reel.page.locator(".side");
  const width = async () => (await side.boundingBox())?.width ?? 0;
  const before = await width();

  const line = reel.page.getByRole("separator", { name: "Width of the side" });
  const tells = (what: string) =>
    until(what, async () => {
      const body = await reel.page.locator(".run-body").boundingBox();
      const told = Number(await line.getAttribute("aria-valuenow"));
      return body !== null && Math.abs(told - ((await width()) / body.width) * 100) < 1;
    });
  await tells("what is to be seen to be told, before anyone moved it");
  await reel.page.setViewportSize({ width: 2300, height: 720 });
  await tells("what is to be seen to be told in a wide window");
  await reel.page.setViewportSize({ width: 1280, height: 720 });
  await tells("what is to be seen to be told again");
  await line.focus();
  await line.press("End");
  await tells("the most");
  const most = await width();
  await line.press("Home");
  await tells("the least");
  assert.ok((await width()) < before && most > before, "Home and End are the least and the most");
  await line.dblclick();
  assert.equal(Math.round(await width()), Math.round(before));
  await line.press("ArrowLeft");
  const wider = await width();
  assert.ok(wider > before + 10, `${before} px became ${wider} px`);
  assert.equal(await reel.jump.count(), 0, "the playhead stays where it is");

  const box = await line.boundingBox();
  assert.ok(box !== null);
  await reel.page.mouse.move(box.x + box.width / 2, box.y + 100);
  await reel.page.mouse.down();
  await reel.page.mouse.move(box.x + 120, box.y + 100, { steps: 4 });
  await reel.page.mouse.up();
  const narrower = await width();
  assert.ok(narrower < wider - 80, `${wider} px became ${narrower} px`);

  await reel.page.reload();
  await reel.says("Words.");
  assert.equal(Math.round(await width()), Math.round(narrower));
  await line.dblclick();
  assert.equal(Math.round(await width()), Math.round(before));
});

pageTest("a link to this moment is copied, at the live edge too", async (scene) => {
  const { play, reel, viewer } = await setStage(scene);
  play({ story: steadyStory, speed: 4 });
  await scene.page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: viewer.url });
  await reel.openLive(2);
  await reel.tab("Events").click();
  await reel.live.waitFor();
  await reel.button("Copy link").click();
  await reel.page.getByRole("status").filter({ hasText: "Copied" }).waitFor();
  const copied = new URL(await reel.page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(copied.pathname, new URL(reel.page.url()).pathname);
  assert.equal(copied.searchParams.get("tab"), "events");
  assert.match(copied.searchParams.get("t") ?? "", /^\d+$/);

  await reel.page.goto(copied.href);
  await reel.pinned();
  assert.equal(await reel.position(), Number(copied.searchParams.get("t")));
});

pageTest(
  "at any width the header and the controls are in view, and none lies over another",
  async (scene) => {
    const { play, reel } = await setStage(scene);
    play({ story: restingReview, speed: 20 });
    await reel.open("/", "graph");
    await reel.live.waitFor();
    await reel.button("Jump to start").click();
    await reel.pinned();
    for (const width of [390, 600, 768, 960, 961, 1024, 1280, 1440, 2560]) {
      await reel.page.setViewportSize({ width, height: 800 });
      await reel.drawn();
      const faults = await reel.page.evaluate(() => {
        const parts = document.querySelectorAll<HTMLElement>(
          ".run-header > *, .facts > *, .transport button, .transport label, .transport .behind",
        );
        const boxes = [...parts].flatMap((part) => {
          const box = part.getBoundingClientRect();
          // Facts that there is no room for lie below the line that is shown.
          const frame = part.closest(".facts")?.getBoundingClientRect();
          const isShown =
            box.width > 0 && (frame === undefined || part.matches(".facts") || box.top < frame.bottom);
          return isShown && !part.matches(".facts") ? [{ box, name: part.textContent ?? "" }] : [];
        });
        const outside = boxes.filter(({ box }) => box.left < 0 || box.right > innerWidth + 0.5);
        const over = boxes.flatMap((one, index) =>
          boxes.slice(index + 1).flatMap((other) => {
            const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
            const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
            return wide > 1 && high > 1 ? [`${one.name} over ${other.name}`] : [];
          }),
        );
        return [...outside.map(({ name }) => `${name} is outside`), ...over];
      });
      assert.deepEqual(faults, [], `${width} px`);
    }
  },
);
