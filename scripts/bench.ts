import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { brokenPromises } from "./bench/expectations.ts";
import { describeMachine } from "./bench/machine.ts";
import { type Figures, measure } from "./bench/measure.ts";
import { reportOf } from "./bench/report.ts";
import { TARGETS } from "./bench/targets.ts";

const USAGE = `Usage: pnpm bench [options]

Measures Runreel beside a naive reader and the physical floor, on runs of growing length.
Exits 1 when a promise is not kept, naming it.

  --quick        the shortest and the longest run only, for less time
  --json FILE    write the figures there too
  --help         this text
`;

const WHOLE = {
  lengths: [100, 1_000, 10_000, 50_000],
  plan: { appends: 100, settleMs: 500, idleMs: 10_000 },
  crowdAppends: 200,
};
const QUICK: typeof WHOLE = {
  lengths: [100, 50_000],
  plan: { appends: 40, settleMs: 250, idleMs: 1_000 },
  crowdAppends: 60,
};
const CROWD = { clients: 50, events: 1_000 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const { lengths, plan, crowdAppends } = values.quick ? QUICK : WHOLE;
  const all: Figures[] = [];
  for (const events of lengths) {
    for (const target of TARGETS) {
      process.stderr.write(`${target}, ${events} events\n`);
      all.push(await measure(target, events, 1, plan));
    }
  }
  process.stderr.write(`Runreel, ${CROWD.clients} clients\n`);
  all.push(await measure("Runreel", CROWD.events, CROWD.clients, { ...plan, appends: crowdAppends }));

  const machine = describeMachine();
  process.stdout.write(reportOf(all, machine, plan.idleMs));
  const broken = brokenPromises(all);
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ machine, figures: all, broken }, null, 2)}\n`);
  }
  for (const sentence of broken) process.stderr.write(`bench: ${sentence}\n`);
  if (broken.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
