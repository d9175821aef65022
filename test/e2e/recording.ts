import * as v from "valibot";
import type { SessionEvent, TraceEvent } from "../../src/protocol/bundle.ts";

/** A bundle as it was recorded, asked what was known at a moment (ms after its start) and what was not. */
export interface Recording {
  /** The time of the event that lies this share of the way through all of them. */
  momentAt(share: number): number;
  asOf(moment: number): Known;
  /** When the first trace event of this type with these words in it was written. */
  firstTime(type: string, words: string): number;
}

interface Known {
  /** How many events of the trace and the sessions. */
  readonly events: number;
  readonly steps: number;
  /** Prompts, and messages and thoughts as far as they had come. */
  readonly said: readonly string[];
  /** A text under way, with the next part that had not come yet. */
  readonly notYetSaid: string | null;
  /** Lines that are found in later events only. */
  readonly later: readonly string[];
}

interface Bundle {
  readonly manifest: { readonly startedAt?: string | null | undefined };
  readonly trace: readonly TraceEvent[];
  readonly sessions: readonly { readonly events: readonly SessionEvent[] }[];
}

/** Shorter words are found anywhere. */
const TELLING = 12;

const Chunk = v.object({
  method: v.literal("session/update"),
  params: v.object({
    update: v.object({
      sessionUpdate: v.picklist(["agent_message_chunk", "agent_thought_chunk"]),
      content: v.object({ text: v.string() }),
    }),
  }),
});
const Prompt = v.object({
  method: v.literal("session/prompt"),
  params: v.object({ prompt: v.array(v.object({ text: v.string() })) }),
});

export function readRecording({ manifest, sessions, trace }: Bundle): Recording {
  const start = Date.parse(manifest.startedAt ?? "");
  const time = (event: { readonly at: string }) => Date.parse(event.at) - start;
  const all = [...trace, ...sessions.flatMap(({ events }) => events)].sort(
    (left, right) => time(left) - time(right),
  );
  const texts = sessions.flatMap(({ events }) => textsOf(events));
  return {
    momentAt(share) {
      const event = all[Math.floor(share * all.length)];
      return event === undefined ? 0 : time(event);
    },
    asOf(moment) {
      const known = all.filter((event) => time(event) <= moment);
      const knownTexts = texts.map((parts) => parts.filter((part) => time(part) <= moment));
      const underWay = texts.findIndex((parts, index) => {
        const count = knownTexts[index]?.length ?? 0;
        return count > 0 && count < parts.length;
      });
      // What was streamed is known though no single line says it.
      const knownWords = [...linesOf(known), ...knownTexts.map(join)].join("\n");
      return {
        events: known.length,
        steps: trace.filter((event) => event.type === "node_started" && time(event) <= moment).length,
        said: knownTexts.map(join).filter((text) => text !== ""),
        notYetSaid:
          underWay === -1
            ? null
            : join((texts[underWay] ?? []).slice(0, (knownTexts[underWay]?.length ?? 0) + 1)),
        later: linesOf(all.filter((event) => time(event) > moment)).filter(
          (line) => !knownWords.includes(line),
        ),
      };
    },
    firstTime(type, words) {
      const event = trace.find((each) => each.type === type && JSON.stringify(each).includes(words));
      return event === undefined ? Number.NaN : time(event);
    },
  };
}

interface Part {
  readonly at: string;
  readonly text: string;
}

/** Each prompt, message and thought of a session, in the parts it came in. */
function textsOf(events: readonly SessionEvent[]): Part[][] {
  const texts: Part[][] = [];
  let kind = "";
  for (const { at, message } of events) {
    const prompt = v.safeParse(Prompt, message);
    const chunk = v.safeParse(Chunk, message);
    if (prompt.success) {
      texts.push([{ at, text: prompt.output.params.prompt.map(({ text }) => text).join("") }]);
      kind = "";
    } else if (chunk.success) {
      const { content, sessionUpdate } = chunk.output.params.update;
      if (sessionUpdate !== kind) texts.push([]);
      texts.at(-1)?.push({ at, text: content.text });
      kind = sessionUpdate;
    } else kind = "";
  }
  return texts;
}

function join(parts: readonly Part[]): string {
  return parts.map(({ text }) => text).join("");
}

/** The telling lines of text anywhere in the events, as they would stand in a page's HTML. */
function linesOf(events: readonly unknown[]): string[] {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === "string") {
      for (const line of value.split("\n"))
        if (line.length >= TELLING && !/[<>&]/.test(line)) found.add(line);
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
  };
  events.forEach(walk);
  return [...found];
}
