import type { LiveProtocol } from "../../src/protocol/version.ts";

/** How much the bench does. */
export interface Plan {
  /** Lengths of runs; the shortest and the longest have promises of their own. */
  readonly lengths: readonly number[];
  /** Of a run that only Runreel opens. */
  readonly longest: number;
  readonly appends: number;
  readonly idleMs: number;
  /** For those that Runreel is compared with. */
  readonly othersAppends: number;
  readonly othersIdleMs: number;
  readonly crowds: readonly number[];
  readonly crowdAppends: number;
  /** Patches that a client misses. */
  readonly away: readonly number[];
  readonly seeks: number;
  /** Shares of the run's time. */
  readonly naiveSeeks: readonly number[];
  /** Finished runs. */
  readonly lists: readonly number[];
  readonly newRuns: number;
  /** Protocols in which a client never reads. */
  readonly unreadIn: readonly LiveProtocol[];
  readonly restlessMs: number;
  /** How long events stream into an open page. */
  readonly livePageMs: number;
  /** In each of which an evaluation is started, twice. */
  readonly projects: number;
  /** Tests of an evaluation; the shortest and the longest are compared. */
  readonly evaluations: readonly number[];
  /** Results that are appended to one. */
  readonly results: number;
  /** How long results stream into an open page. */
  readonly liveResultsMs: number;
  /** Steps of a run whose events are streamed. */
  readonly streamed: number;
  /** Sizes of coding sessions; the longest has promises of its own. */
  readonly sessionMegabytes: readonly number[];
  /** So many small ones. */
  readonly sessions: number;
  /** Calls that are appended to one. */
  readonly sessionCalls: number;
}

/** All of it takes less than eight minutes. */
export const WHOLE: Plan = {
  lengths: [100, 1_000, 10_000, 50_000],
  longest: 1_000_000,
  appends: 100,
  idleMs: 3_000,
  othersAppends: 40,
  othersIdleMs: 500,
  crowds: [1, 10, 100, 1_000],
  crowdAppends: 60,
  away: [10, 200],
  seeks: 100,
  naiveSeeks: [0.25, 0.5, 0.75],
  lists: [10, 1_000, 10_000],
  newRuns: 5,
  unreadIn: ["runreel.live.v1", "acpx.replay.v1"],
  restlessMs: 5_000,
  livePageMs: 8_000,
  projects: 20,
  evaluations: [100, 10_000],
  results: 40,
  liveResultsMs: 5_000,
  streamed: 100_000,
  sessionMegabytes: [2, 200],
  sessions: 5_000,
  sessionCalls: 20,
};

/** A look in passing. */
export const QUICK: Plan = {
  lengths: [100, 50_000],
  longest: 200_000,
  appends: 20,
  idleMs: 600,
  othersAppends: 10,
  othersIdleMs: 200,
  crowds: [100],
  crowdAppends: 20,
  away: [10],
  seeks: 30,
  naiveSeeks: [0.5],
  lists: [1_000],
  newRuns: 2,
  unreadIn: ["runreel.live.v1"],
  restlessMs: 2_000,
  livePageMs: 2_000,
  projects: 5,
  evaluations: [100, 2_000],
  results: 20,
  liveResultsMs: 2_000,
  streamed: 20_000,
  sessionMegabytes: [2, 40],
  sessions: 500,
  sessionCalls: 8,
};
