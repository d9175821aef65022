import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { burn, stats } from "./shown.ts";
import { Spark } from "./spark.tsx";
import { cardsOf, readingOf, seriesText } from "./cards.ts";
import "./ticker.css";

/** What is being spent. */
export function Ticker() {
  const known = burn.value;
  return (
    <section class="ticker" aria-label="What is being spent">
      <dl>
        {cardsOf(known).map((card) => (
          <div class="ticker-card" key={card.name}>
            <dt>
              {card.words}
              {card.more !== "" && <span class="ticker-more">{card.more}</span>}
            </dt>
            <dd>
              <Figure text={card.value} isKnown={known !== null} />
            </dd>
            {card.name === "minute" && known !== null && known.series.length > 1 && (
              <dd class="ticker-spark">
                <Spark series={known.series} width={84} height={22} label={seriesText(known.series)} filled />
              </dd>
            )}
          </div>
        ))}
      </dl>
      <ReadingNote />
    </section>
  );
}

/** Lights up for a moment when it has changed; not when it is first known. */
function Figure({ isKnown, text }: { readonly text: string; readonly isKnown: boolean }) {
  const last = useRef<string | null>(null);
  const changes = useSignal(0);
  useEffect(() => {
    if (!isKnown) return;
    if (last.current !== null && last.current !== text) changes.value += 1;
    last.current = text;
  }, [text, isKnown, changes]);
  return (
    <span class={changes.value === 0 ? "ticker-figure" : "ticker-figure moved"} key={changes.value}>
      {text}
    </span>
  );
}

function ReadingNote() {
  const reading = readingOf(stats.value?.reading ?? null);
  if (reading === null) return null;
  return (
    <div class="ticker-reading">
      <label for="now-reading">{reading.text}</label>
      <progress id="now-reading" value={reading.done} max={reading.of} />
    </div>
  );
}
