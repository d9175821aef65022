import { sparkOf } from "./sparkline.ts";
import "./spark.css";

interface Props {
  readonly series: readonly (number | null)[];
  readonly width: number;
  readonly height: number;
  /** What it shows, in words; without them it is only a picture beside the same figures. */
  readonly label?: string;
  readonly filled?: boolean;
}

const PAD = 2;

export function Spark({ filled = false, height, label, series, width }: Props) {
  const { area, dots, lines } = sparkOf(series, width, height);
  return (
    <svg
      role={label === undefined ? "presentation" : "img"}
      aria-label={label}
      aria-hidden={label === undefined}
      class="spark"
      width={width + 2 * PAD}
      height={height + 2 * PAD}
      viewBox={`${-PAD} ${-PAD} ${width + 2 * PAD} ${height + 2 * PAD}`}
      focusable="false"
    >
      {filled && area !== "" && <polygon points={area} />}
      {lines.map((points) => (
        <polyline key={points} points={points} />
      ))}
      {dots.map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r="1.4" />
      ))}
    </svg>
  );
}
