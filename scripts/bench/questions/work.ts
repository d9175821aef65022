import type { Answer } from "../answer.ts";
import { type Followed, followedAll } from "../followed.ts";
import type { Plan } from "../plan.ts";
import { atMost, type Promised } from "../promises.ts";
import { TARGETS, type TargetName } from "../servers.ts";
import { ratio } from "../stats.ts";
import { figure, table, times } from "../table.ts";

/** What does an event cost the server, and what does nothing cost it? */
export async function work(plan: Plan): Promise<Answer> {
  const all = await followedAll(plan);
  const rows = plan.lengths.map((events) => {
    const of = (target: TargetName) => all.find((one) => one.target === target && one.events === events);
    return [
      figure(events),
      times(ratio(of("runreel.live.v1")?.cpuMsPerEvent, of("floor")?.cpuMsPerEvent)),
      times(ratio(of("naive")?.cpuMsPerEvent, of("runreel.live.v1")?.cpuMsPerEvent)),
      ...TARGETS.map((target) => figure(of(target)?.cpuMsPerEvent, 2)),
      ...TARGETS.map((target) => figure(of(target)?.idleCores, 3)),
      figure(of("runreel.live.v1")?.idleMessages),
    ];
  });
  return {
    title: "The server's work",
    how:
      "Processor time of the server's process while events come 20 a second, in ms an event; then its cores over " +
      `${plan.idleMs / 1_000} s (the others' over ${plan.othersIdleMs / 1_000} s) in which nothing is appended, and the messages sent meanwhile.`,
    tables: [
      table(
        [
          "events",
          "Runreel / floor",
          "naive / Runreel",
          ...TARGETS.map((target) => `ms an event, ${target}`),
          ...TARGETS.map((target) => `idle cores, ${target}`),
          "idle messages, Runreel",
        ],
        rows,
      ),
    ],
    promises: promisesOf(all.filter(({ target }) => target === "runreel.live.v1")),
    figures: all,
  };
}

function promisesOf(ours: readonly Followed[]): Promised[] {
  const [short, long] = [ours.at(0), ours.at(-1)];
  return [
    atMost(
      `The processor time of an event at ${long?.events} events over that at ${short?.events}`,
      ratio(long?.cpuMsPerEvent, short?.cpuMsPerEvent),
      2,
      "x",
    ),
    ...ours.flatMap(({ events, idleCores, idleMessages }) => [
      atMost(`Idle at ${events} events, what the server uses`, idleCores, 0.02, " cores"),
      atMost(`Idle at ${events} events, what the server sends`, idleMessages, 0, " messages"),
    ]),
  ];
}
