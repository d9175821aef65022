import { parseArgs } from "node:util";
import * as v from "valibot";
import { type FromCrowd, ToCrowd } from "./crowd-messages.ts";
import { LightClient } from "./light-client.ts";
import { TARGETS } from "./servers.ts";
import { untilSo } from "./until.ts";

/** A process full of clients of one run. It says when all are there, and at the end what they saw. */
const CONNECTING_AT_A_TIME = 20;

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    target: { type: "string" },
    run: { type: "string" },
    clients: { type: "string" },
  },
});
const { url, target, run, clients } = v.parse(
  v.object({
    url: v.string(),
    target: v.picklist(TARGETS),
    run: v.string(),
    clients: v.pipe(v.string(), v.transform(Number), v.integer()),
  }),
  values,
);

const crowd: LightClient[] = [];
process.on("message", (message) => {
  const { events, withinMs } = v.parse(ToCrowd, message);
  void finish(events, withinMs);
});
process.on("disconnect", () => process.exit(0));

while (crowd.length < clients) {
  const some = Array.from({ length: Math.min(CONNECTING_AT_A_TIME, clients - crowd.length) });
  crowd.push(...(await Promise.all(some.map(() => LightClient.connect(url, target, run)))));
}
tell({ is: "ready", bytes: bytesOf(crowd) });

async function finish(events: number, withinMs: number): Promise<void> {
  await untilSo(() => crowd.every((client) => client.ages.length >= events), withinMs);
  const gaps = crowd.reduce((sum, { counts }) => sum + counts.gaps, 0);
  tell({ is: "report", ages: crowd.flatMap((client) => client.ages), bytes: bytesOf(crowd), gaps });
  for (const client of crowd) client.close();
}

function bytesOf(all: readonly LightClient[]): number {
  return all.reduce((sum, { counts }) => sum + counts.bytes, 0);
}

function tell(message: FromCrowd): void {
  process.send?.(message);
}
