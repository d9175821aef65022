/** Where lanes lie, in pixels: below a strip for what failed, lower the more of them there are. */
export interface LaneBox {
  readonly height: number;
  readonly lane: number;
  readonly bar: number;
  /** Are the bars high enough for names? */
  readonly hasNames: boolean;
  /** Of a lane's bars. */
  readonly top: (row: number) => number;
  /** The lane at a height, or null. */
  readonly rowAt: (y: number) => number | null;
}

const STRIP_PX = 7;
/** Room for steps and tools from the start: the page does not move when the first tool is called. */
const LEAST_LANES = 2;
const ROOMY = { lane: 22, bar: 16 };
const DENSE = { lane: 18, bar: 14 };
/** Tests that run side by side may be many. */
const CROWDED = { lane: 9, bar: 7 };
const MOST_ROOMY = 4;
const MOST_DENSE = 6;

export function laneBox(count: number): LaneBox {
  const lanes = Math.max(LEAST_LANES, count);
  const { bar, lane } = lanes <= MOST_ROOMY ? ROOMY : lanes <= MOST_DENSE ? DENSE : CROWDED;
  return {
    height: STRIP_PX + lanes * lane,
    lane,
    bar,
    hasNames: lanes <= MOST_DENSE,
    top: (row) => STRIP_PX + row * lane + (lane - bar) / 2,
    rowAt(y) {
      const row = Math.floor((y - STRIP_PX) / lane);
      return row >= 0 && row < count ? row : null;
    },
  };
}
