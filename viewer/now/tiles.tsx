import { computed, useSignal } from "@preact/signals";
import { elapsedOf } from "../catalog/groups.ts";
import { RowClocks } from "../catalog/row-clocks.ts";
import { TallyBar } from "../catalog/tally-bar.tsx";
import { now } from "../playback/now.ts";
import { heardNow } from "../playback/playback.ts";
import { clock } from "../ui/format.ts";
import { formatRoute, go, isPlainClick } from "../ui/route.ts";
import { isNarrow } from "../ui/narrow.ts";
import { StatusPill } from "../ui/status-mark.tsx";
import { liveRuns } from "./live-runs.ts";
import { type Tile, tilesOf } from "./tile.ts";
import "./tiles.css";

/** So many are shown before somebody asks for all: what happens is to be seen below them. */
function countAtFirst(): number {
  if (isNarrow.value) return 3;
  return innerHeight < 820 ? 4 : 6;
}

const second = computed(() => Math.floor(now.value / 1000) * 1000);
const tiles = computed(() => tilesOf(liveRuns.value, second.value));

/** The runs that go on. */
export function Tiles() {
  const isAll = useSignal(false);
  const all = tiles.value;
  const atFirst = countAtFirst();
  if (all.length === 0) return null;
  const shown = isAll.value ? all : all.slice(0, atFirst);
  return (
    <section class="tiles" aria-labelledby="tiles-title">
      <h2 id="tiles-title">
        Live <span class="num">{all.length}</span>
      </h2>
      <ul>
        {shown.map((tile) => (
          <li key={tile.run.runId}>
            <TileView tile={tile} />
          </li>
        ))}
      </ul>
      {all.length > atFirst && (
        <button
          type="button"
          class="quiet-button"
          aria-expanded={isAll.value}
          onClick={() => (isAll.value = !isAll.value)}
        >
          {isAll.value ? "Show fewer" : `Show all ${all.length}`}
        </button>
      )}
    </section>
  );
}

function TileView({ tile }: { readonly tile: Tile }) {
  const { cost, costHint, folder, isWaiting, kind, line, run, standing, step, title } = tile;
  const { runId, status, tally } = run;
  return (
    <a
      class={isWaiting ? "tile waits" : "tile"}
      href={formatRoute({ runId, at: null, tab: null })}
      onClick={(event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        go({ runId, at: null, tab: null });
      }}
    >
      <span class="tile-head">
        <StatusPill status={status} tally={tally} word={standing === "" ? null : standing} />
        <span class="num tile-clock">
          <Elapsed tile={tile} />
        </span>
      </span>
      <b class="clip" title={title}>
        <bdi>{title}</bdi>
      </b>
      <span class="tile-of clip">
        {kind}
        {folder !== "" && " · "}
        <bdi>{folder}</bdi>
        {step !== "" && " · "}
        <bdi>{step}</bdi>
      </span>
      {tally !== undefined && <TallyBar tally={tally} />}
      {(line !== "" || cost !== "") && (
        <span class="tile-foot">
          <span class="clip" title={line}>
            <bdi>{line}</bdi>
          </span>
          {cost !== "" && (
            <span class="num" title={costHint}>
              {cost}
            </span>
          )}
        </span>
      )}
    </a>
  );
}

const clocks = new RowClocks();

function Elapsed({ tile: { run } }: { readonly tile: Tile }) {
  const at = heardNow.value;
  return <>{clock(run.tally === undefined ? elapsedOf(run, at) : clocks.elapsed(run, at))}</>;
}
