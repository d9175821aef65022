import type { Answer } from "../answer.ts";
import { type Followed, followedAll } from "../followed.ts";
import type { Plan } from "../plan.ts";
import { atMost, isTrue, type Promised } from "../promises.ts";
import type { TargetName } from "../servers.ts";
import { ratio } from "../stats.ts";
import { figure, table, times } from "../table.ts";

/** How long does an event take from its file to a client, and does the length of the run matter? */
export async function latency(plan: Plan): Promise<Answer> {
  const all = await followedAll(plan);
  const rows = plan.lengths.map((events) => {
    const of = (target: TargetName) => all.find((one) => one.target === target && one.events === events);
    const [ours, acpx, naive, floor] = [
      of("runreel.live.v1"),
      of("acpx.replay.v1"),
      of("naive"),
      of("floor"),
    ];
    return [
      figure(events),
      times(ratio(ours?.p50Ms, floor?.p50Ms)),
      times(ratio(naive?.p50Ms, ours?.p50Ms)),
      times(ratio(naive?.p95Ms, ours?.p95Ms)),
      ...[ours, acpx, naive, floor].map((one) => `${figure(one?.p50Ms, 1)} / ${figure(one?.p95Ms, 1)}`),
    ];
  });
  return {
    title: "Latency by length of the run",
    how:
      "The time stands in a line of about 280 bytes that is appended to a session's events, and is read again " +
      "when the client has applied the patch that carries it. 20 lines a second, 50 ms ± 15 ms apart; p50 / p95 in ms.",
    tables: [
      table(
        [
          "events",
          "p50: Runreel / floor",
          "p50: naive / Runreel",
          "p95: naive / Runreel",
          "runreel.live.v1",
          "acpx.replay.v1",
          "naive",
          "floor",
        ],
        rows,
      ),
    ],
    promises: promisesOf(all, plan),
    figures: all,
  };
}

function promisesOf(all: readonly Followed[], { lengths }: Plan): Promised[] {
  const [short, long] = [lengths.at(0), lengths.at(-1)].map((events) => {
    const p50 = (target: TargetName) =>
      all.find((one) => one.target === target && one.events === events)?.p50Ms ?? Infinity;
    return { events, ours: p50("runreel.live.v1"), floor: p50("floor") };
  });
  if (short === undefined || long === undefined) return [];
  const unseen = all
    .filter(({ target }) => target === "runreel.live.v1" || target === "acpx.replay.v1")
    .filter(({ seen, appended }) => seen !== appended);
  return [
    atMost(`The p50 at ${long.events} events`, long.ours, 10, " ms"),
    atMost(`The p50 at ${long.events} events over that at ${short.events}`, long.ours / short.ours, 2, "x"),
    atMost(`The p50 at ${long.events} events over the floor`, long.ours / long.floor, 3, "x"),
    ...unseen.map(({ target, events, seen, appended }) =>
      isTrue(false, `At ${events} events ${seen} of ${appended} were seen in ${target}; all should be.`),
    ),
  ];
}
