import type { Figures } from "./measure.ts";
import type { TargetName } from "./targets.ts";

const NOT_MEASURED = "not measured on this system";

/** The figures as Markdown: the ratios first, for they travel between machines; then what they come from. */
export function reportOf(all: readonly Figures[], machine: string, idleMs: number): string {
  const lengths = [
    ...new Set(all.filter((figures) => figures.clients === 1).map((figures) => figures.events)),
  ];
  const ratioRows = lengths.map((events) => {
    const of = (target: TargetName) => all.find((one) => one.target === target && one.events === events);
    const [ours, naive, floor] = [of("Runreel"), of("naive"), of("floor")];
    return [
      events.toLocaleString("en"),
      ratio(ours?.p50Ms, floor?.p50Ms),
      ratio(naive?.p50Ms, ours?.p50Ms),
      ratio(naive?.p95Ms, ours?.p95Ms),
      ratio(naive?.liveCores, ours?.liveCores),
      ratio(naive?.bytesPerByte, ours?.bytesPerByte),
    ];
  });
  const rows = all.map((figures) => [
    figures.events.toLocaleString("en"),
    figures.clients === 1 ? figures.target : `${figures.target}, ${figures.clients} clients`,
    number(figures.p50Ms, 1),
    number(figures.p95Ms, 1),
    `${figures.seen} of ${figures.expected}`,
    number(figures.bytesPerByte, 2),
    cores(figures.liveCores),
    cores(figures.idleCores),
    String(figures.idleMessages),
    figures.rssBytes === undefined ? NOT_MEASURED : number(figures.rssBytes / 1024 ** 2, 0),
    number(figures.snapshotMs, 0),
    String(figures.resyncs),
  ]);
  return [
    machine,
    "",
    table(
      [
        "events",
        "p50: Runreel / floor",
        "p50: naive / Runreel",
        "p95: naive / Runreel",
        "live CPU: naive / Runreel",
        "bytes: naive / Runreel",
      ],
      ratioRows,
    ),
    "",
    table(
      [
        "events",
        "server",
        "p50 ms",
        "p95 ms",
        "seen",
        "bytes per byte",
        "cores live",
        "cores idle",
        "messages idle",
        "RSS MB",
        "snapshot ms",
        "resyncs",
      ],
      rows,
    ),
    "",
    `Idle is ${idleMs / 1_000} s right after the appends, the runtime's tidying of its memory included.`,
    "",
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---:")), ...rows.map(line)].join("\n");
}

function number(value: number | undefined, digits: number): string {
  return value === undefined ? "-" : value.toFixed(digits);
}

function cores(value: number | undefined): string {
  return value === undefined ? NOT_MEASURED : value.toFixed(3);
}

/** A ratio to nothing is left out: a tick of the CPU's clock more or less would decide it. */
function ratio(left: number | undefined, right: number | undefined): string {
  if (left === undefined || right === undefined || right === 0) return "-";
  const value = left / right;
  return `${value.toFixed(value < 10 ? 1 : 0)}x`;
}
