import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { SessionEvent } from "../../src/protocol/bundle.ts";
import { sessionRows } from "../../src/protocol/outline.ts";
import { saidIn } from "../../src/protocol/said.ts";
import { codingSource } from "../../src/sources/coding/coding-source.ts";
import { madeFormat, madeLines, type MadeRecord } from "../helpers/made-format.ts";
import { WholeDigests } from "../helpers/whole-digests.ts";
import { sourceContract } from "./source-contract.ts";

const FILE = "a-session.made";
const startedAt = Date.parse("2026-01-02T03:04:05.000Z");
const after = (ms: number) => new Date(startedAt + ms).toISOString();

/**
 * Turns, one of which nobody saw the end of until the next began. Of just now: so who saw it being written
 * and who finds it agree on where it stands.
 */
function session(): readonly MadeRecord[] {
  const begun = Date.now() - 60_000;
  const later = (ms: number) => new Date(begun + ms).toISOString();
  return [
    { t: later(0), do: "ask", text: "Was ist 2 + 2? 🚀" },
    { t: later(900), do: "use", key: "a1", tokens: 12 },
    { t: later(1_000), do: "call", id: "c1", kind: "execute" },
    { t: later(1_000), do: "use", key: "a1", tokens: 40 },
    { t: later(4_000), do: "done", id: "c1" },
    { t: later(4_100), do: "say", text: "Vier, grüßt die Ferne" },
    { t: later(4_200), do: "end" },
    { t: later(9_000), do: "ask", text: "And 3 + 3?" },
    { t: later(9_500), do: "use", key: "a2", tokens: 5 },
    { t: later(12_000), do: "ask", text: "Well?" },
    { t: later(13_000), do: "say", text: "6" },
    { t: later(13_500), do: "end" },
  ];
}

sourceContract({
  name: "coding",
  standsByTime: true,
  source: (clock) => codingSource(madeFormat, new WholeDigests(madeFormat), clock),
  write: (dir) => writeFile(join(dir, FILE), madeLines(session())),
  file: FILE,
  isLog: (file) => file.endsWith(".made"),
  someLog: FILE,
  logName: "sessions/main",
  logPath: ["sessions", "main", "events"],
  line: (number) => madeLines([record(number)]),
  itemOf: (value, number) => ({
    ...madeFormat.eventOf(v.parse(v.record(v.string(), v.unknown()), value)),
    seq: number + 1,
  }),
  stampOf: (item) => Date.parse(v.parse(SessionEvent, item).at),
  rowOf: (item, line, at) => sessionRows(v.parse(SessionEvent, item), line, at)[0] ?? null,
  saidIn: (item) => saidIn(v.parse(SessionEvent, item)),
});

/** A session of any length. Times mostly rise; now and then a clock was set back. */
function record(number: number): MadeRecord {
  const t = after(number * 40 - (number % 97 === 0 ? 60_000 : 0));
  switch (number % 6) {
    case 0:
      return { t, do: "ask", text: `word ${number}: read what is at work }}}}` };
    case 1:
      return { t, do: "call", id: `c${number}`, kind: "read" };
    case 2:
      return { t, do: "done", id: `c${number - 1}` };
    case 3:
      return { t, do: "use", key: `a${number}`, tokens: number };
    case 4:
      return { t, do: "say", text: `reply ${number} ${"x".repeat(40)}` };
    default:
      return { t, do: "end" };
  }
}
