import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { Scenes } from "./scenes.ts";

type Scene = Exclude<keyof Scenes, "writtenAt">;
type ColorScheme = "light" | "dark";

export interface Shot {
  readonly name: string;
  /** "now" is of all runs. */
  readonly scene: Scene | "empty" | "now";
  readonly colorScheme: ColorScheme;
  readonly size: { readonly width: number; readonly height: number };
  /** What the address says beside the run. */
  readonly query: string | ((scenes: Scenes) => string);
  /** What is done before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>;
}

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const REWOUND = "?t=10400";

const find = async (page: Page) => {
  await page.keyboard.press("Control+K");
  await page.getByRole("dialog", { name: "Find" }).getByRole("combobox").fill("abort");
  await page.getByRole("option").first().waitFor();
};

const beside = ({ evaluatedBefore }: Scenes) => `?with=${evaluatedBefore}`;

const trend = async (page: Page) => {
  await page.getByRole("button", { name: "Trend" }).click();
  await page.getByRole("dialog").locator("canvas").first().waitFor();
};

const told = async (page: Page) => {
  await page.getByText("npm test").first().waitFor();
};

const history = async (page: Page) => {
  await told(page);
  await page.getByRole("tab", { name: "History" }).click();
};

/** Each thing that the documentation shows, once. */
export const SHOTS: readonly Shot[] = [
  { name: "empty", scene: "empty", colorScheme: "light", size: WIDE, query: "" },
  // First the flow in flight: its heart goes on beating, and its run grows by that.
  { name: "live", scene: "live", colorScheme: "dark", size: WIDE, query: "" },
  { name: "live-light", scene: "live", colorScheme: "light", size: WIDE, query: "" },
  { name: "rewound", scene: "live", colorScheme: "light", size: WIDE, query: REWOUND },
  { name: "phone-live", scene: "live", colorScheme: "dark", size: PHONE, query: "" },
  { name: "phone-rewound", scene: "live", colorScheme: "light", size: PHONE, query: REWOUND },
  { name: "evaluation", scene: "evaluation", colorScheme: "dark", size: WIDE, query: "" },
  { name: "evaluation-light", scene: "evaluation", colorScheme: "light", size: WIDE, query: "" },
  { name: "evaluation-rewound", scene: "evaluation", colorScheme: "light", size: WIDE, query: "?t=9000" },
  { name: "phone-evaluation", scene: "evaluation", colorScheme: "dark", size: PHONE, query: "" },
  { name: "now", scene: "now", colorScheme: "dark", size: WIDE, query: "", act: told },
  { name: "now-light", scene: "now", colorScheme: "light", size: WIDE, query: "", act: told },
  { name: "history", scene: "now", colorScheme: "light", size: WIDE, query: "", act: history },
  { name: "phone-now", scene: "now", colorScheme: "dark", size: PHONE, query: "", act: told },
  { name: "session", scene: "session", colorScheme: "dark", size: WIDE, query: "" },
  { name: "session-light", scene: "session", colorScheme: "light", size: WIDE, query: "" },
  { name: "phone-session", scene: "session", colorScheme: "light", size: PHONE, query: "" },
  { name: "codex-session", scene: "codexSession", colorScheme: "light", size: WIDE, query: "?tab=details" },
  { name: "failed", scene: "failed", colorScheme: "dark", size: WIDE, query: "" },
  { name: "waiting", scene: "waiting", colorScheme: "light", size: WIDE, query: "" },
  { name: "stalled", scene: "stalled", colorScheme: "dark", size: WIDE, query: "" },
  { name: "find", scene: "completed", colorScheme: "dark", size: WIDE, query: "", act: find },
  { name: "evaluated", scene: "evaluated", colorScheme: "dark", size: WIDE, query: "" },
  { name: "compare", scene: "evaluated", colorScheme: "light", size: WIDE, query: beside },
  { name: "trend", scene: "evaluated", colorScheme: "dark", size: WIDE, query: "", act: trend },
  { name: "phone-compare", scene: "evaluated", colorScheme: "light", size: PHONE, query: beside },
];

/** Takes one picture, in a browser profile of its own. */
export async function photograph(
  browser: Browser,
  url: string,
  scenes: Scenes | null,
  shot: Shot,
  out: string,
): Promise<void> {
  const { act, colorScheme, name, size } = shot;
  const context = await browser.newContext({
    viewport: size,
    colorScheme,
    locale: "en-GB",
    reducedMotion: "reduce",
  });
  try {
    const page = await context.newPage();
    // What is at rest is shown as it was when it came to rest, however long the pictures take.
    if (scenes !== null) await page.clock.setFixedTime(scenes.writtenAt);
    await page.goto(`${url}${pathOf(shot, scenes)}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    // A stream stays open.
    if (shot.scene !== "now") await page.waitForLoadState("networkidle");
    await act?.(page);
    // What is loaded when it is needed has come, and what eases has arrived.
    await page.waitForTimeout(800);
    await page.getByText("Laying out…").waitFor({ state: "hidden" });
    await page.screenshot({ path: join(out, `${name}.png`) });
  } finally {
    await context.close();
  }
}

function pathOf({ query, scene }: Shot, scenes: Scenes | null): string {
  if (scenes === null || scene === "empty") return "/";
  if (scene === "now") return "/now";
  return `/runs/${scenes[scene]}${typeof query === "string" ? query : query(scenes)}`;
}
