import type { Answer } from "../answer.ts";
import { followedAll } from "../followed.ts";
import type { Plan } from "../plan.ts";
import { atMost } from "../promises.ts";
import { TARGETS } from "../servers.ts";
import { figure, table } from "../table.ts";

const LIMITS = { "runreel.live.v1": 1.5, "acpx.replay.v1": 1.8 } as const;

/** How many bytes does a client get for each byte that is appended? */
export async function bytes(plan: Plan): Promise<Answer> {
  const all = await followedAll(plan);
  return {
    title: "Bytes sent per byte appended",
    how: "What a client received while lines were appended one at a time, frame headers included, over the lines' bytes.",
    tables: [
      table(
        ["events", ...TARGETS],
        plan.lengths.map((events) => [
          figure(events),
          ...TARGETS.map((target) => {
            const one = all.find((each) => each.target === target && each.events === events);
            return figure(one?.bytesPerByte, 2);
          }),
        ]),
      ),
    ],
    promises: all.flatMap(({ target, events, bytesPerByte }) =>
      target === "runreel.live.v1" || target === "acpx.replay.v1"
        ? [atMost(`Bytes per byte at ${events} events in ${target}`, bytesPerByte, LIMITS[target])]
        : [],
    ),
    figures: all.map(({ target, events, bytesPerByte }) => ({ target, events, bytesPerByte })),
  };
}
