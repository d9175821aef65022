import { computed, signal } from "@preact/signals";
import { theme } from "../ui/theme.ts";

/** What a canvas is painted with: the page's own colours, as they are now. */

const TOKENS = {
  acp: "--span-acp",
  action: "--span-action",
  compute: "--span-compute",
  checkpoint: "--span-checkpoint",
  tool: "--span-tool",
  failed: "--span-failed",
  error: "--bad",
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
  const { acp, action, checkpoint, compute, error, failed, gap, tool } = TOKENS;
  const found = {
    acp: read(acp),
    action: read(action),
    compute: read(compute),
    checkpoint: read(checkpoint),
    tool: read(tool),
    failed: read(failed),
    error: read(error),
    gap: read(gap),
  };
  probe.remove();
  return found;
});
