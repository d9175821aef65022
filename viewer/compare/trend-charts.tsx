import { effect } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import { duration } from "../ui/format.ts";
import { theme } from "../ui/theme.ts";
import { percent } from "../ui/percent.ts";
import { lineName, linesOf, type TrendLine } from "./trend-lines.ts";
import type { TrendPoint } from "./trend-points.ts";
import "uplot/dist/uPlot.min.css";
import "./trend-charts.css";

interface Props {
  readonly points: readonly TrendPoint[];
  /** The pointer is at a run, or at none. */
  readonly point: (index: number | null) => void;
  readonly choose: (index: number) => void;
}

/** What a chart draws of the runs, and how its axis is written. */
interface Kind {
  readonly label: string;
  readonly series: readonly Series[];
  readonly value: (value: number) => string;
  readonly top: (highest: number) => number;
  /** Steps between the figures of the axis; the library's own where there are none. */
  readonly steps?: number[];
}

interface Series {
  readonly name: string;
  readonly token: string;
  readonly isBar: boolean;
  /** Of a line; where there is none it is whole. */
  readonly dash?: readonly number[];
  readonly of: (point: TrendPoint) => number | null;
}

/** As clocks count, in ms. */
function timeSteps(): number[] {
  const seconds = [1, 2, 5, 10, 20, 30];
  const minutes = [60, 120, 300, 600, 1200, 1800];
  const hours = [1, 2, 6, 12, 24, 48, 96].map((hour) => hour * 3600);
  return [10, 50, 100, 500, ...[...seconds, ...minutes, ...hours].map((second) => second * 1000)];
}

/** Bars stand on each other: each is drawn over the one that is higher by what it leaves out. */
const BARS: readonly Kind[] = [
  {
    label: "Tests",
    series: [
      {
        name: "errors",
        token: "--wait",
        isBar: true,
        of: ({ errors, failed, passed }) => passed + failed + errors,
      },
      { name: "failed", token: "--bad", isBar: true, of: ({ failed, passed }) => passed + failed },
      { name: "passed", token: "--ok", isBar: true, of: ({ passed }) => passed },
    ],
    value: (value) => (Number.isInteger(value) ? String(value) : ""),
    top: (highest) => Math.max(1, highest),
  },
  {
    label: "Time",
    series: [{ name: "time", token: "--accent", isBar: true, of: ({ tookMs }) => tookMs }],
    value: (value) => (value === 0 ? "0" : duration(value)),
    top: (highest) => Math.max(1, highest),
    steps: timeSteps(),
  },
];

/** Models are not each other's past: each has a line of its own. */
function rates(lines: readonly TrendLine[]): Kind {
  return {
    label: "Pass rate",
    series: lines.map((line) => ({
      name: lineName(line),
      token: line.token,
      dash: line.dash,
      isBar: false,
      of: ({ passRate, variant }) => (variant === line.variant ? passRate : null),
    })),
    value: percent,
    top: () => 1,
  };
}

/** The last runs as charts: the table beside them says the same to who does not see them. */
export function TrendCharts(props: Props) {
  const lines = linesOf(props.points);
  const named = lines.map(lineName).join("\n");
  // The chart is made anew only where there are other lines.
  const kinds = useMemo(() => [rates(lines), ...BARS], [named]);
  return (
    <div class="trend-charts" aria-hidden="true">
      {kinds.map((kind) => (
        <figure key={kind.label} class="trend-chart">
          <figcaption>
            <b>{kind.label}</b>
            {kind.series.length > 1 &&
              keysOf(kind).map(({ dash, isBar, name, token }) => (
                <span key={name} class={`trend-key key${token}`}>
                  {isBar ? (
                    <i class="trend-swatch" />
                  ) : (
                    <svg class="trend-stroke" viewBox="0 0 24 8" aria-hidden="true">
                      <path d="M0 4h24" stroke-dasharray={dash?.join(" ")} />
                    </svg>
                  )}
                  {name}
                </span>
              ))}
          </figcaption>
          <Chart kind={kind} {...props} />
        </figure>
      ))}
    </div>
  );
}

/** As they stand in the chart: bars from the bottom up. */
function keysOf({ series }: Kind): readonly Series[] {
  return series.some(({ isBar }) => isBar) ? series.toReversed() : series;
}

const HEIGHT_PX = 104;
const AXIS_PX = 46;

function Chart({ choose, kind, point, points }: Props & { readonly kind: Kind }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const heard = useRef({ choose, point });
  heard.current = { choose, point };
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const made = new uPlot(optionsOf(kind, element, heard), dataOf(kind, points), element);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height: HEIGHT_PX });
    });
    observer.observe(element);
    const system = matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => made.redraw();
    system.addEventListener("change", redraw);
    const stop = effect(() => {
      void theme.value;
      redraw();
    });
    return () => {
      stop();
      system.removeEventListener("change", redraw);
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [kind]);
  useLayoutEffect(() => plot.current?.setData(dataOf(kind, points)), [kind, points]);
  return <div class="trend-plot" data-chart={kind.label} ref={box} />;
}

function dataOf({ series }: Kind, points: readonly TrendPoint[]): uPlot.AlignedData {
  return [points.map((_, index) => index), ...series.map(({ of }) => points.map(of))];
}

function optionsOf(
  kind: Kind,
  element: HTMLElement,
  heard: { readonly current: Pick<Props, "choose" | "point"> },
): uPlot.Options {
  const colour = (token: string) => () => colourOf(element, token);
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  return {
    width: Math.max(200, element.clientWidth),
    height: HEIGHT_PX,
    padding: [8, 8, 6, 0],
    legend: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: "trend" }, points: { show: false } },
    scales: {
      x: { time: false, range: (self) => [-0.6, (self.data[0].length || 1) - 0.4] },
      y: { range: (_, __, highest) => [0, kind.top(highest)] },
    },
    axes: [
      { show: false },
      {
        size: AXIS_PX,
        font,
        stroke: colour("--muted"),
        grid: { stroke: colour("--line"), width: 1 },
        ticks: { show: false },
        space: 28,
        ...(kind.steps === undefined ? {} : { incrs: kind.steps }),
        values: (_, splits) => splits.map(kind.value),
      },
    ],
    series: [{}, ...kind.series.map((series) => drawnAs(series, colour(series.token)))],
    hooks: {
      setCursor: [
        (self) => {
          // Charts that move along with another one tell nothing.
          if (self.cursor.event != null) heard.current.point(self.cursor.idx ?? null);
        },
      ],
      ready: [
        (self) => {
          self.over.addEventListener("click", () => {
            const { idx } = self.cursor;
            if (idx != null) heard.current.choose(idx);
          });
          self.over.addEventListener("mouseleave", () => heard.current.point(null));
        },
      ],
    },
  };
}

function drawnAs({ dash = [], isBar }: Series, colour: () => string): uPlot.Series {
  if (!isBar)
    return {
      stroke: colour,
      width: 2,
      dash: [...dash],
      spanGaps: true,
      points: { show: true, size: 6, fill: colour },
    };
  const bars = uPlot.paths.bars?.({ size: [0.62, 36], radius: 0 });
  return { fill: colour, width: 0, points: { show: false }, ...(bars === undefined ? {} : { paths: bars }) };
}

/** A canvas knows no tokens: what one is here and now. */
function colourOf(element: HTMLElement, token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
