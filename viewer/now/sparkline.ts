/** A small line over a row of figures, without axes. */
export interface Spark {
  /** Each stretch that has figures, as the points of a line. */
  readonly lines: readonly string[];
  /** Figures with none beside them: a line would not show them. */
  readonly dots: readonly (readonly [x: number, y: number])[];
  /** The area under all of it, where every figure is there. */
  readonly area: string;
}

/** `null` is no figure: the line is broken there, and does not fall to zero. It begins at zero below. */
export function sparkOf(series: readonly (number | null)[], width: number, height: number): Spark {
  const most = series.reduce<number>((max, value) => Math.max(max, value ?? 0), 0);
  const step = series.length < 2 ? 0 : width / (series.length - 1);
  const pointAt = (value: number, place: number): readonly [number, number] => [
    round(place * step),
    round(most === 0 ? height : height - (value / most) * height),
  ];
  const lines: string[] = [];
  const dots: (readonly [number, number])[] = [];
  let stretch: (readonly [number, number])[] = [];
  const end = () => {
    const [only] = stretch;
    if (stretch.length > 1) lines.push(stretch.map((point) => point.join(",")).join(" "));
    else if (only !== undefined) dots.push(only);
    stretch = [];
  };
  for (const [place, value] of series.entries()) {
    if (value === null) end();
    else stretch.push(pointAt(value, place));
  }
  end();
  const [whole] = lines;
  const area =
    lines.length === 1 && dots.length === 0 && whole !== undefined && !series.includes(null)
      ? `0,${height} ${whole} ${round(width)},${height}`
      : "";
  return { lines, dots, area };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
