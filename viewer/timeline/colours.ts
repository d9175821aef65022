import { computed, signal } from "@preact/signals";
import { theme } from "../ui/theme.ts";

/** What a canvas is painted with: the page's own colours, as they are now. */

const TOKENS = {
  acp: "--span-acp",
  action: "--span-action",
  compute: "--span-compute",
  checkpoint: "--span-checkpoint",
  "turn-bar": "--span-acp",
  "agent-bar": "--span-compute",
  tool: "--span-tool",
  unanswered: "--span-tool",
  failed: "--span-failed",
  error: "--span-failed",
  passed: "--span-passed",
  running: "--span-running",
  skipped: "--span-skipped",
  untold: "--span-skipped",
  stripe: "--span-stripe",
  wedge: "--bad",
  good: "--ok",
  rate: "--text",
  line: "--line",
  gap: "--sunken",
} as const;

export type Colours = Readonly<Record<keyof typeof TOKENS, string>>;

const dark = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(dark.matches);
dark.addEventListener("change", () => {
  systemIsDark.value = dark.matches;
});

export const colours = computed((): Colours => {
  void theme.value;
  void systemIsDark.value;
  const probe = document.createElement("i");
  document.body.append(probe);
  const read = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const found = {
    acp: read(TOKENS.acp),
    action: read(TOKENS.action),
    compute: read(TOKENS.compute),
    checkpoint: read(TOKENS.checkpoint),
    "turn-bar": read(TOKENS["turn-bar"]),
    "agent-bar": read(TOKENS["agent-bar"]),
    tool: read(TOKENS.tool),
    unanswered: read(TOKENS.unanswered),
    failed: read(TOKENS.failed),
    error: read(TOKENS.error),
    passed: read(TOKENS.passed),
    running: read(TOKENS.running),
    skipped: read(TOKENS.skipped),
    untold: read(TOKENS.untold),
    stripe: read(TOKENS.stripe),
    wedge: read(TOKENS.wedge),
    good: read(TOKENS.good),
    rate: read(TOKENS.rate),
    line: read(TOKENS.line),
    gap: read(TOKENS.gap),
  };
  probe.remove();
  return found;
});
