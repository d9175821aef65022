/** Where lanes lie, in pixels: below a strip for what failed, lower the more of them there are. */
export interface LaneBox {
  readonly height: number;
  /** Of the lanes alone. */
  readonly room: number;
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
const MOST_LANE_PX = 22;
const LEAST_NAMED_PX = 15;
/** What all lanes together take, unless a person wants it otherwise. */
export const USUAL_ROOM = 96;
/** So few lanes are as high as they can be, and take what they need. */
const FEW = 3;
/** Room for steps and tools from the start: the page does not move when the first tool is called. */
export const LEAST_LANES = 2;

/**
 * `reserved` lanes have room before they are there; more than a few share a room that stays the
 * same however many come. So the page moves once at most.
 */
export function laneBox(count: number, reserved = LEAST_LANES, room = USUAL_ROOM): LaneBox {
  const lanes = Math.max(LEAST_LANES, reserved, count);
  const wanted = lanes <= FEW ? lanes * MOST_LANE_PX : Math.max(USUAL_ROOM, lanes * MOST_LANE_PX);
  const given = Math.min(room, wanted);
  const lane = Math.max(1, Math.min(MOST_LANE_PX, Math.floor(given / lanes)));
  const bar = barOf(lane);
  return {
    height: STRIP_PX + given,
    room: given,
    lane,
    bar,
    hasNames: lane >= LEAST_NAMED_PX,
    top: (row) => STRIP_PX + row * lane + Math.floor((lane - bar) / 2),
    rowAt(y) {
      const row = Math.floor((y - STRIP_PX) / lane);
      return row >= 0 && row < count ? row : null;
    },
  };
}

function barOf(lane: number): number {
  if (lane >= 20) return lane - 6;
  if (lane >= LEAST_NAMED_PX) return lane - 3;
  if (lane >= 6) return lane - 2;
  return lane >= 3 ? lane - 1 : lane;
}
