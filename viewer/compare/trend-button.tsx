import { useSignal } from "@preact/signals";
import { openRun } from "../playback/playback.ts";
import { Glyph } from "../ui/glyph.tsx";
import { trendPanel } from "./panels.ts";

/** Of an evaluation alone: leads to how its last runs came out. */
export function TrendButton() {
  const isOpen = useSignal(false);
  if (openRun.value?.tally === undefined) return null;
  return (
    <>
      <button
        type="button"
        class="button run-act"
        title="How the last runs came out"
        aria-label="Trend"
        aria-haspopup="dialog"
        onClick={() => (isOpen.value = true)}
      >
        <Glyph name="trend" />
        <span class="run-act-word">Trend</span>
      </button>
      {isOpen.value && <trendPanel.Panel close={() => (isOpen.value = false)} />}
    </>
  );
}
