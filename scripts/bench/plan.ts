/** How much the bench does. All of it takes less than five minutes; the quick plan is a look in passing. */
export const WHOLE = {
  /** Lengths of runs, the shortest and the longest with promises of their own. */
  lengths: [100, 1_000, 10_000, 50_000],
  /** Runreel only. */
  longest: 1_000_000,
  appends: 100,
  /** For those that Runreel is compared with. */
  othersAppends: 40,
  idleMs: 3_000,
  othersIdleMs: 500,
  crowds: [10, 100, 1_000],
  crowdAppends: 60,
  away: [10, 200],
  seeks: 100,
  /** Shares of the run's time. */
  naiveSeeks: [0.25, 0.5, 0.75],
  lists: [10, 1_000, 10_000],
  newRuns: 5,
  restlessMs: 5_000,
};

export type Plan = typeof WHOLE;

export const QUICK: Plan = {
  lengths: [100, 50_000],
  longest: 200_000,
  appends: 30,
  othersAppends: 15,
  idleMs: 1_000,
  othersIdleMs: 300,
  crowds: [100],
  crowdAppends: 30,
  away: [10],
  seeks: 30,
  naiveSeeks: [0.5],
  lists: [10, 1_000],
  newRuns: 2,
  restlessMs: 2_000,
};
