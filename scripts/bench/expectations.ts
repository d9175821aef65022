import type { Figures } from "./measure.ts";

/** What Runreel promises. Gives a sentence for each promise that was not kept. */
export function brokenPromises(all: readonly Figures[]): string[] {
  const broken: string[] = [];
  const expect = (kept: boolean, sentence: string) => {
    if (!kept) broken.push(sentence);
  };
  const ours = all.filter((figures) => figures.target === "Runreel");
  const alone = ours.filter((figures) => figures.clients === 1);
  for (const figures of alone) {
    const run = `At ${figures.events} events`;
    const { p50Ms, seen, expected, bytesPerByte, idleMessages, idleCores } = figures;
    expect(seen === expected, `${run}, ${seen} of ${expected} events were seen; all should be.`);
    expect((p50Ms ?? Infinity) < 10, `${run}, the p50 is ${show(p50Ms)} ms; it should be under 10.`);
    expect(
      bytesPerByte < 1.8,
      `${run}, ${show(bytesPerByte)} bytes are sent per byte; it should be under 1.8.`,
    );
    expect(idleMessages === 0, `${run}, ${idleMessages} messages were sent while idle; it should be none.`);
    expect(
      (idleCores ?? 0) < 0.02,
      `${run}, ${show(idleCores)} cores are used while idle; it should be under 0.02.`,
    );
  }
  const [short, long] = [alone.at(0), alone.at(-1)];
  if (short?.p50Ms !== undefined && long?.p50Ms !== undefined) {
    expect(
      long.p50Ms <= 2 * short.p50Ms,
      `The p50 grows from ${show(short.p50Ms)} ms at ${short.events} events to ${show(long.p50Ms)} ms at ${long.events}; it should at most double.`,
    );
  }
  for (const { clients, resyncs, seen, expected } of ours.filter((figures) => figures.clients > 1)) {
    expect(resyncs === 0, `${clients} clients needed ${resyncs} resyncs; it should be none.`);
    expect(seen === expected, `${clients} clients saw ${seen} of ${expected} events; all should be.`);
  }
  return broken;
}

function show(value: number | undefined): string {
  return value === undefined ? "not known" : value.toFixed(2);
}
