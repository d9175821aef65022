import { computed, effect, signal, untracked } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { askHistory, csvAddress } from "../live/now-history.ts";
import type { UsageHistory } from "../../src/protocol/now.ts";
import { now } from "../playback/now.ts";
import { keptChoice } from "../ui/kept-choice.ts";
import { Choice } from "./choice.tsx";
import { unpricedText } from "./figures.ts";
import { dateIn, type HistoryPicture, historyOf, lastDays } from "./history-bars.ts";
import { zone } from "./shown.ts";
import { readingOf } from "./cards.ts";
import "./history.css";

const BOX = { width: 600, height: 150 };
const AGAIN_MS = 60_000;

const keptBy = keptChoice("runreel.history-by", ["project", "model"], "project");
const keptMeasure = keptChoice("runreel.history-of", ["cost", "tokens"], "cost");
const keptDays = keptChoice("runreel.history-days", ["7", "30", "90"], "30");
const by = signal(keptBy.read());
const measure = signal(keptMeasure.read());
const count = signal(keptDays.read());

const today = computed(() => dateIn(zone.value, now.value - (now.value % 10_000)));
const days = computed(() => lastDays(today.value, Number(count.value)));

type Held =
  | { readonly kind: "asking" }
  | { readonly kind: "failed" }
  | { readonly kind: "here"; readonly history: UsageHistory };
const held = signal<Held>({ kind: "asking" });
const picture = computed(() =>
  held.value.kind === "here"
    ? historyOf(held.value.history.days, days.value, { by: by.value, measure: measure.value }, BOX)
    : null,
);

/** What was used, day by day. */
export function History() {
  useEffect(followHistory, []);
  const shown = picture.value;
  return (
    <div class="history">
      <div class="history-choices">
        <Choice
          legend="Show"
          of={[
            ["cost", "Cost"],
            ["tokens", "Tokens"],
          ]}
          chosen={measure.value}
          choose={(next) => {
            measure.value = next;
            keptMeasure.write(next);
          }}
        />
        <Choice
          legend="By"
          of={[
            ["project", "Project"],
            ["model", "Model"],
          ]}
          chosen={by.value}
          choose={(next) => {
            by.value = next;
            keptBy.write(next);
          }}
        />
        <Choice
          legend="Days"
          of={[
            ["7", "7 d"],
            ["30", "30 d"],
            ["90", "90 d"],
          ]}
          chosen={count.value}
          choose={(next) => {
            count.value = next;
            keptDays.write(next);
          }}
        />
      </div>
      {shown === null ? <Absent /> : <Drawn shown={shown} />}
    </div>
  );
}

function Absent() {
  return held.value.kind === "failed" ? (
    <p class="now-note" role="alert">
      The history could not be read; it is tried again.
    </p>
  ) : (
    <p class="now-note">Reading the history…</p>
  );
}

/** Asks for it, again when the days change and every minute. */
function followHistory(): () => void {
  let current = 0;
  const ask = async () => {
    current += 1;
    const own = current;
    const history = await askHistory(zone.peek(), days.peek()[0] ?? "", days.peek().at(-1) ?? "");
    if (own !== current) return;
    if (history !== null) held.value = { kind: "here", history };
    else if (held.peek().kind !== "here") held.value = { kind: "failed" };
  };
  const stop = effect(() => {
    void days.value;
    void zone.value;
    untracked(() => void ask());
    const timer = setInterval(() => void ask(), AGAIN_MS);
    return () => clearInterval(timer);
  });
  return () => {
    current += 1;
    stop();
  };
}

function Drawn({ shown }: { readonly shown: HistoryPicture }) {
  const reading = readingOf(held.value.kind === "here" ? held.value.history.reading : null);
  const unpriced = measure.value === "cost" ? unpricedText(shown.unpriced) : "";
  return (
    <>
      {reading !== null && <p class="now-note">{reading.text}</p>}
      {shown.isEmpty ? (
        <p class="now-note">Nothing was used in these days.</p>
      ) : (
        <>
          <figure class="history-figure">
            <figcaption>
              <span>
                <b class="num">{shown.total}</b> in {shown.days.length} days
              </span>
              <span>
                <span class="num">{shown.most}</span> on the highest day
              </span>
            </figcaption>
            {/* The table below says the same. */}
            <svg
              viewBox={`0 0 ${BOX.width} ${BOX.height}`}
              preserveAspectRatio="none"
              aria-hidden="true"
              focusable="false"
            >
              {shown.days.map(({ bars, day, width, words, x }) => (
                <g key={day}>
                  <title>{words}</title>
                  <rect class="history-day" x={x} y={0} width={width} height={BOX.height} />
                  {bars.map(({ height, place, y }) => (
                    <rect key={place} class={`share-${place}`} x={x} y={y} width={width} height={height} />
                  ))}
                </g>
              ))}
            </svg>
            <div class="history-ends" aria-hidden="true">
              <span>{shown.days[0]?.label}</span>
              <span>{shown.days.at(-1)?.label}</span>
            </div>
            <ul class="history-legend">
              {shown.series.map(({ label, name, place, total }) => (
                <li key={place} title={name}>
                  <i class={`share-key share-${place}`} />
                  <span class="clip">{label}</span> <span class="num">{total}</span>
                </li>
              ))}
            </ul>
          </figure>
          {unpriced !== "" && <p class="now-note">Not in it: {unpriced}.</p>}
          <div class="history-table-head">
            <h2>Day by day</h2>
            <Csv />
          </div>
          <Table shown={shown} />
        </>
      )}
    </>
  );
}

/** All there is of these days, by project and model and source. */
function Csv() {
  const [from = "", to = ""] = [days.value[0], days.value.at(-1)];
  return (
    <a class="button" href={csvAddress(zone.value, from, to)} download={`usage-${from}-${to}.csv`}>
      CSV
    </a>
  );
}

function Table({ shown: { days, series, total } }: { readonly shown: HistoryPicture }) {
  return (
    <div class="history-table" tabIndex={0} role="region" aria-label="The same as a table">
      <table class="now-table">
        <caption class="hidden">
          {measure.value === "cost" ? "Cost" : "Tokens"} by day and {by.value}
        </caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">All</th>
            {series.map(({ label, name, place }) => (
              <th scope="col" key={place} title={name}>
                <i class={`share-key share-${place}`} />
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr class="history-sum">
            <th scope="row">Together</th>
            <td>{total}</td>
            {series.map((one) => (
              <td key={one.place}>{one.total}</td>
            ))}
          </tr>
          {days
            .filter(({ isEmpty }) => !isEmpty)
            .toReversed()
            .map(({ cells, day, label, total }) => (
              <tr key={day}>
                <th scope="row">{label}</th>
                <td>{total}</td>
                {cells.map((cell, place) => (
                  // Its place in the row is all that tells a cell from another.
                  <td key={place}>{cell}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
