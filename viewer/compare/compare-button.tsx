import { useSignal } from "@preact/signals";
import { openRun } from "../playback/playback.ts";
import { Glyph } from "../ui/glyph.tsx";
import { route } from "../ui/route.ts";
import { choosePanel } from "./panels.ts";
import "./compare-button.css";

/** Of an evaluation alone: leads to the choice of a run to compare it with. */
export function CompareButton() {
  const isChoosing = useSignal(false);
  if (openRun.value?.tally === undefined || route.value.beside !== undefined) return null;
  return (
    <>
      <button
        type="button"
        class="button run-act"
        title="Compare with another run"
        aria-label="Compare"
        aria-haspopup="dialog"
        onClick={() => (isChoosing.value = true)}
      >
        <Glyph name="sides" />
        <span class="run-act-word">Compare</span>
      </button>
      {isChoosing.value && <choosePanel.Panel close={() => (isChoosing.value = false)} />}
    </>
  );
}
