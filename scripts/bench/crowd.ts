import { once } from "node:events";
import { availableParallelism } from "node:os";
import * as v from "valibot";
import type { LongRun } from "../demo/long-run.ts";
import { type ChildServer, spawnNode, stopChild, typescript } from "./children.ts";
import { FromCrowd, type ToCrowd } from "./crowd-messages.ts";
import { liveUrl, type TargetName } from "./servers.ts";

const CLIENTS_A_PROCESS = 250;
const READY_WITHIN_MS = 30_000;
const REPORT_WITHIN_MS = 10_000;

interface CrowdReport {
  /** How old each event was when each client had it, in milliseconds. */
  readonly ages: readonly number[];
  /** Since they were all there, frames included. */
  readonly bytes: number;
  /** Each of them asked for a resync. */
  readonly gaps: number;
}

/** Many clients of one run, in processes of their own so that they do not take the bench's own time. */
export interface Crowd {
  /** Ends it, once each client has seen so many events, or time is up. */
  finish(events: number, withinMs: number): Promise<CrowdReport>;
  stop(): Promise<void>;
}

export async function gatherCrowd(
  clients: number,
  target: TargetName,
  server: ChildServer,
  run: LongRun,
): Promise<Crowd> {
  const processes = Math.min(Math.ceil(clients / CLIENTS_A_PROCESS), 2 * availableParallelism());
  const upTo = (index: number) => Math.floor((index * clients) / processes);
  const sizes = Array.from({ length: processes }, (_, index) => upTo(index + 1) - upTo(index));
  const parts: CrowdPart[] = sizes.map((size) => new CrowdPart(size, target, server, run));
  const stop = async () => void (await Promise.all(parts.map((part) => part.stop())));
  try {
    const before = await Promise.all(parts.map((part) => part.next("ready", READY_WITHIN_MS)));
    return {
      stop,
      async finish(events, withinMs) {
        for (const part of parts) part.tell({ is: "finish", events, withinMs });
        const reports = await Promise.all(
          parts.map((part) => part.next("report", withinMs + REPORT_WITHIN_MS)),
        );
        const sum = (values: readonly number[]) => values.reduce((left, right) => left + right, 0);
        return {
          ages: reports.flatMap((report) => report.ages),
          bytes: sum(reports.map((report) => report.bytes)) - sum(before.map((ready) => ready.bytes)),
          gaps: sum(reports.map((report) => report.gaps)),
        };
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

class CrowdPart {
  readonly #child;
  readonly #exited;

  constructor(size: number, target: TargetName, server: ChildServer, run: LongRun) {
    const args = ["--url", liveUrl(server), "--target", target, "--run", run.runId];
    this.#child = spawnNode(
      typescript("scripts/bench/crowd-process.ts", ...args, "--clients", String(size)),
      { talks: true },
    );
    this.#exited = once(this.#child, "exit");
    this.#child.stderr?.pipe(process.stderr);
    this.#child.stdout?.resume();
  }

  tell(message: ToCrowd): void {
    this.#child.send(message);
  }

  async next<Is extends FromCrowd["is"]>(is: Is, withinMs: number): Promise<Extract<FromCrowd, { is: Is }>> {
    const late = AbortSignal.timeout(withinMs);
    for (;;) {
      const message: unknown = await Promise.race([
        once(this.#child, "message", { signal: late }),
        this.#exited.then(() => {
          throw new Error("A process full of clients ended before its time.");
        }),
      ]);
      const [said] = v.parse(v.looseTuple([FromCrowd]), message);
      if (isOf(said, is)) return said;
    }
  }

  stop(): Promise<void> {
    return stopChild(this.#child, this.#exited);
  }
}

function isOf<Is extends FromCrowd["is"]>(said: FromCrowd, is: Is): said is Extract<FromCrowd, { is: Is }> {
  return said.is === is;
}
