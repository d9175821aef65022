import { computed, signal } from "@preact/signals";

/** An attempt at a test case, by what stays the same when the viewer is started anew. */
export interface TestName {
  readonly node: string;
  /** The how manieth it is; null: the newest. */
  readonly attempt: number | null;
}

/** What the address says: which run, which moment of it, which tab; or that no run is looked at but all of them. */
export interface Route {
  /** What happens now, over all runs: `runId` is null then. */
  readonly page?: "now";
  readonly runId: string | null;
  /** Ms after the run's start; null is the edge. */
  readonly at: number | null;
  /** The same as a time of its own, ms since the epoch, for who does not know when the run began. */
  readonly moment?: number | undefined;
  /** Null: the address names none, and what the run opens with is shown. */
  readonly tab: Tab | null;
  /** Shown at the moment though nobody chose it; the address names it for as long as it names the moment. */
  readonly tabThen?: Tab | null;
  /** Another run, which this one is compared with. */
  readonly beside?: string;
  /** Of an evaluation the test that somebody chose. */
  readonly test?: TestName | null;
}

export const TABS = ["grading", "conversation", "details", "events", "files"] as const;
export type Tab = (typeof TABS)[number];

export function readRoute(url: URL): Route {
  if (/^\/now\/?$/.test(url.pathname)) return { page: "now", runId: null, at: null, tab: null };
  const match = /^\/runs\/([^/]+)\/?$/.exec(url.pathname);
  const at = url.searchParams.get("t");
  const runId = match?.[1] === undefined ? null : decode(match[1]);
  const beside = url.searchParams.get("with") ?? "";
  const test = readTest(url.searchParams);
  const moment = readMoment(url.searchParams.get("at"));
  return {
    runId,
    at: at !== null && /^\d{1,15}$/.test(at) ? Number(at) : null,
    tab: TABS.find((tab) => tab === url.searchParams.get("tab")) ?? null,
    // With itself it cannot be compared.
    ...(beside === "" || runId === null || beside === runId ? {} : { beside }),
    ...(test === null || runId === null ? {} : { test }),
    ...(moment === null || runId === null || at !== null ? {} : { moment }),
  };
}

/** A time as ISO 8601 says it, with its zone: in whose it is read must not matter. */
function readMoment(text: string | null): number | null {
  const time = /T.*Z$/.test(text ?? "") ? Date.parse(text ?? "") : Number.NaN;
  return Number.isFinite(time) ? time : null;
}

function readTest(query: URLSearchParams): TestName | null {
  const node = query.get("test") ?? "";
  const attempt = query.get("attempt") ?? "";
  return node === "" ? null : { node, attempt: /^[1-9]\d{0,8}$/.test(attempt) ? Number(attempt) : null };
}

export function formatRoute(route: Route): string {
  if (route.page === "now") return "/now";
  if (route.runId === null) return "/";
  const query = new URLSearchParams();
  if (route.beside !== undefined) query.set("with", route.beside);
  if (route.test != null) {
    query.set("test", route.test.node);
    if (route.test.attempt !== null) query.set("attempt", String(route.test.attempt));
  }
  if (route.at !== null) query.set("t", String(Math.round(route.at)));
  else if (route.moment !== undefined) query.set("at", new Date(route.moment).toISOString());
  const tab = route.tab ?? (route.at === null ? null : (route.tabThen ?? null));
  if (tab !== null) query.set("tab", tab);
  const path = `/runs/${encodeURIComponent(route.runId)}`;
  return query.size === 0 ? path : `${path}?${query}`;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const current = signal<Route>({ runId: null, at: null, tab: null });
export const route = computed(() => current.value);

/**
 * Browsers refuse hundreds of changes within seconds, as they come while keys are held down. So a few
 * are written at once, as a person makes them, and from then on one in so many ms.
 */
const EVERY_MS = 300;
const AT_ONCE = 10;
/** When the next one would be written if there had never been more than one in `EVERY_MS`. */
let booked = Number.NEGATIVE_INFINITY;
let waiting: ReturnType<typeof setTimeout> | null = null;

/** Has the address bar say the same, at once or in a moment. */
function write(): void {
  if (waiting !== null) return;
  const wait = booked - (AT_ONCE - 1) * EVERY_MS - performance.now();
  if (wait > 0) waiting = setTimeout(writeNow, wait);
  else writeNow();
}

function writeNow(): void {
  forget();
  booked = Math.max(booked, performance.now()) + EVERY_MS;
  history.replaceState(null, "", formatRoute(current.peek()));
}

function forget(): void {
  if (waiting !== null) clearTimeout(waiting);
  waiting = null;
}

/** A place of its own in the history. */
export function go(next: Route): void {
  if (waiting !== null) writeNow();
  history.pushState(null, "", formatRoute(next));
  current.value = next;
}

/** The same place, said more exactly. */
export function amend(change: Partial<Route>): void {
  const next = { ...current.peek(), ...change };
  if (formatRoute(next) === formatRoute(current.peek())) return;
  current.value = next;
  write();
}

/** `moved` is called when the person goes back or forward. */
export function startRoute(moved: (route: Route) => void): void {
  current.value = readRoute(new URL(location.href));
  // What the address says beyond that means nothing here, and is not passed on.
  const said = formatRoute(current.peek());
  if (said !== `${location.pathname}${location.search}`) history.replaceState(null, "", said);
  window.addEventListener("pagehide", () => {
    if (waiting !== null) writeNow();
  });
  window.addEventListener("popstate", () => {
    forget();
    current.value = readRoute(new URL(location.href));
    moved(current.peek());
  });
}

/** Is this a plain click on a link, which the page answers itself? */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}
