import { basename, dirname } from "node:path";
import type { Place } from "../source.ts";

/** A session of a log, or a results file that belongs to no log. */
export type WazaPlace =
  | {
      readonly kind: "session";
      readonly dir: string;
      readonly file: string;
      /** Which session of the file, from 1. */
      readonly number: number;
    }
  | { readonly kind: "results"; readonly dir: string; readonly file: string };

export type SessionPlace = WazaPlace & { readonly kind: "session" };

const LOG = /-session\.jsonl$/;

/** Null for a place that none of waza's files could be. */
export function wazaPlace(place: Place): WazaPlace | null {
  const [, path = "", mark = ""] = /^(.*?)(#\d+)?$/s.exec(place) ?? [];
  if (isLogName(path)) {
    const number = mark === "" ? 1 : Number(mark.slice(1));
    return { kind: "session", dir: dirname(path), file: basename(path), number };
  }
  // A mark is only of logs; elsewhere it is a part of the name.
  return isJsonName(place) ? { kind: "results", dir: dirname(place), file: basename(place) } : null;
}

/** What a session is called among the runs of its folder. */
export function sessionName(file: string, number: number): string {
  return number === 1 ? file : `${file}#${number}`;
}

/** The log says nothing like an id, so it is made of the file's name, which has its start in it. */
export function sessionId(file: string, number: number): string {
  const base = file.replace(/\.jsonl$/, "");
  return number === 1 ? base : `${base}.${number}`;
}

export function isLogName(name: string): boolean {
  return LOG.test(name);
}

export function isJsonName(name: string): boolean {
  return name.endsWith(".json");
}
