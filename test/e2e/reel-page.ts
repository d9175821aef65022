import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { until } from "./until.ts";

/** The page by the names that its readers, and programs that read for them, know its parts by. */
export class ReelPage {
  readonly page: Page;
  readonly slider: Locator;
  readonly log: Locator;
  readonly steps: Locator;
  readonly runs: Locator;
  readonly connection: Locator;
  readonly title: Locator;
  readonly live: Locator;
  readonly jump: Locator;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
    this.slider = page.getByRole("slider", { name: "Playback position" });
    this.log = page.getByRole("log", { name: "Conversation" });
    this.steps = page.getByRole("region", { name: "Steps" });
    this.runs = page.getByRole("navigation", { name: "Runs" });
    this.connection = page.getByRole("status", { name: "Connection" });
    this.title = page.getByRole("heading", { level: 1 });
    this.live = page.getByText("LIVE", { exact: true });
    this.jump = this.button("Jump to live");
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  tab(name: string): Locator {
    return this.page.getByRole("tab", { name, exact: true });
  }

  link(title: string): Locator {
    return this.runs.getByRole("link").filter({ hasText: title });
  }

  async open(path = "/", middle: "graph" | "steps" = "steps"): Promise<void> {
    await this.page.addInitScript((kind) => localStorage.setItem("runreel.middle", kind), middle);
    await this.page.goto(`${this.#url}${path}`);
  }

  /** Opens the run that is going on and waits until it has something behind it. */
  async openLive(steps: number): Promise<void> {
    await this.open();
    await this.live.waitFor();
    await this.stepsShown(steps);
  }

  /** How many steps the list has; of a long one only those in view are rows of the page. */
  async stepCount(): Promise<number> {
    const rows = this.steps.getByRole("listitem");
    return (await rows.count()) === 0 ? 0 : Number(await rows.first().getAttribute("aria-setsize"));
  }

  async stepsShown(count: number): Promise<void> {
    await until(`${count} steps`, async () => (await this.stepCount()) >= count);
  }

  position(): Promise<number> {
    return this.#value("aria-valuenow");
  }

  /** Where the run's newest moment is. */
  edge(): Promise<number> {
    return this.#value("aria-valuemax");
  }

  /** Both figures at one moment: at the live edge they move. */
  atEdge(): Promise<boolean> {
    return this.slider.evaluate(
      (slider) => slider.getAttribute("aria-valuenow") === slider.getAttribute("aria-valuemax"),
    );
  }

  async conversation(): Promise<string> {
    return (await this.log.textContent()) ?? "";
  }

  async says(text: string): Promise<void> {
    await this.log.filter({ hasText: text }).waitFor();
  }

  /** All that must not move while the page is pinned. */
  async shown(): Promise<{ position: number; conversation: string; steps: string; header: string }> {
    return {
      position: await this.position(),
      conversation: await this.conversation(),
      // Not how many come after them: that goes on.
      steps: (await this.steps.getByRole("list").textContent()) ?? "",
      header: (await this.page.locator("header").textContent()) ?? "",
    };
  }

  /** What the page says it is behind; steps are left out while there are none. */
  async behind(): Promise<{ steps: number; seconds: number }> {
    const time = await this.page.getByText(/^[\d:]+( s)? behind$/).textContent();
    const steps = this.page.getByText(/^[\d,]+ new steps?$/);
    return {
      steps: (await steps.count()) === 0 ? 0 : Number.parseInt((await steps.textContent()) ?? "", 10),
      seconds: Number.parseInt(time ?? "", 10),
    };
  }

  /** Until what was done last has been drawn. */
  async drawn(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
        }),
    );
  }

  async pinned(): Promise<void> {
    await this.jump.waitFor();
    await this.drawn();
  }

  async followsLive(): Promise<void> {
    await this.live.waitFor();
    await this.jump.waitFor({ state: "detached" });
  }

  /** The run as the server has it: how many of its steps are finished. */
  async finishedSteps(): Promise<number> {
    return this.page.evaluate(async () => {
      const id = location.pathname.split("/")[2] ?? "";
      const answer: unknown = await (await fetch(`/api/runs/${id}`)).json();
      const state = typeof answer === "object" && answer !== null && "state" in answer ? answer.state : null;
      const steps = typeof state === "object" && state !== null && "steps" in state ? state.steps : null;
      return Array.isArray(steps) ? steps.length : -1;
    });
  }

  /** Until the run has gone on, by the server's word and on the page's own axis. */
  async runGoesOn(steps = 2): Promise<void> {
    const edge = await this.edge();
    const finished = await this.finishedSteps();
    assert.ok(finished >= 0, "the server tells the run's steps");
    await until("new steps on the server", async () => (await this.finishedSteps()) >= finished + steps);
    await until("the edge to move on", async () => (await this.edge()) > edge + 200);
  }

  async #value(name: string): Promise<number> {
    return Number(await this.slider.getAttribute(name));
  }
}
