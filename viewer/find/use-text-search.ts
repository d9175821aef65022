import { computed, useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { type LogName, logNames, sessionOf } from "../../src/protocol/log-ranges.ts";
import { askFind } from "../live/ask-find.ts";
import { run } from "../live/state.ts";
import { indexed } from "../playback/playback.ts";
import type { RunIndex } from "../playback/run-index.ts";
import { type SearchedLog, type TextHit, TextSearch } from "./text-search.ts";

/** Between the last key and the question to the server. */
const TYPED_MS = 150;
/** What is found is drawn at most so often while more comes in. */
const DRAWN_MS = 100;

/** The same for as long as lines keep their numbers, whatever comes in. */
const openLife = computed(() => (run.value.kind === "open" ? run.value.life : null));

/** What has been found of `query` in the text of the open run; null while nothing is looked for. */
export function useTextSearch(query: string): TextSearch | null {
  const [search, setSearch] = useState<TextSearch | null>(null);
  const changes = useSignal(0);
  const life = openLife.value;
  useEffect(() => {
    setSearch(null);
    if (life === null || !isLongEnough(query)) return undefined;
    let started: TextSearch | null = null;
    let drawing: number | null = null;
    const draw = () => {
      drawing = null;
      changes.value += 1;
    };
    const typed = setTimeout(() => {
      const known = indexed.peek();
      if (known === null) return;
      const { index } = known;
      const latest = new Map([...index.times()].map(([log, times]) => [log, times.latest()]));
      const logs = logNames(known.run).map((log): SearchedLog => ({
        log,
        latest: latest.get(log) ?? Number.POSITIVE_INFINITY,
      }));
      started = new TextSearch(logs, {
        ask: (log, before, signal) => askFind(life, { log, query, before }, signal),
        toldAgainFrom: (log, line) => toldAgainFrom(index, log, line),
        isRepeat: (newer, older) => isRepeat(index, newer, older),
        changed: () => {
          drawing ??= window.setTimeout(draw, DRAWN_MS);
        },
      });
      setSearch(started);
    }, TYPED_MS);
    return () => {
      clearTimeout(typed);
      if (drawing !== null) clearTimeout(drawing);
      started?.close();
    };
  }, [query, life, changes]);
  void changes.value;
  return search;
}

/** One letter stands in most lines; one sign of another writing may be a word. */
export function isLongEnough(query: string): boolean {
  return query.length > 1 || /[\u0250-\u{10ffff}]/u.test(query);
}

/** An agent that loads its history tells it again; the conversation leaves that out. */
function toldAgainFrom(index: RunIndex, log: LogName, line: number): number | null {
  const id = sessionOf(log);
  return id === null ? null : index.session(id).table.loadOf(line);
}

/** A heartbeat says what its attempt is at, again and again. */
function isRepeat(index: RunIndex, newer: TextHit, older: TextHit): boolean {
  const { table } = index.trace;
  return (
    newer.kind === "step" &&
    older.kind === "step" &&
    newer.text === older.text &&
    table.begunBy(newer.at) === table.begunBy(older.at)
  );
}
