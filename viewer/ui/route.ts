import { computed, signal } from "@preact/signals";

/** What the address says: which run, which moment of it, which tab. */
export interface Route {
  readonly runId: string | null;
  /** Ms after the run's start; null is the edge. */
  readonly at: number | null;
  /** Null: the address names none, and what the run opens with is shown. */
  readonly tab: Tab | null;
  /** Shown at the moment though nobody chose it; the address names it for as long as it names the moment. */
  readonly tabThen?: Tab | null;
  /** Another run, which this one is compared with. */
  readonly beside?: string;
}

export const TABS = ["grading", "conversation", "details", "events", "files"] as const;
export type Tab = (typeof TABS)[number];

export function readRoute(url: URL): Route {
  const match = /^\/runs\/([^/]+)\/?$/.exec(url.pathname);
  const at = url.searchParams.get("t");
  const runId = match?.[1] === undefined ? null : decode(match[1]);
  const beside = url.searchParams.get("with") ?? "";
  return {
    runId,
    at: at !== null && /^\d{1,15}$/.test(at) ? Number(at) : null,
    tab: TABS.find((tab) => tab === url.searchParams.get("tab")) ?? null,
    // With itself it cannot be compared.
    ...(beside === "" || runId === null || beside === runId ? {} : { beside }),
  };
}

export function formatRoute(route: Route): string {
  if (route.runId === null) return "/";
  const query = new URLSearchParams();
  if (route.beside !== undefined) query.set("with", route.beside);
  if (route.at !== null) query.set("t", String(Math.round(route.at)));
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

/** A place of its own in the history. */
export function go(next: Route): void {
  history.pushState(null, "", formatRoute(next));
  current.value = next;
}

/** The same place, said more exactly. */
export function amend(change: Partial<Route>): void {
  const next = { ...current.peek(), ...change };
  if (formatRoute(next) === formatRoute(current.peek())) return;
  history.replaceState(null, "", formatRoute(next));
  current.value = next;
}

/** `moved` is called when the person goes back or forward. */
export function startRoute(moved: (route: Route) => void): void {
  current.value = readRoute(new URL(location.href));
  // What the address says beyond that means nothing here, and is not passed on.
  const said = formatRoute(current.peek());
  if (said !== `${location.pathname}${location.search}`) history.replaceState(null, "", said);
  window.addEventListener("popstate", () => {
    current.value = readRoute(new URL(location.href));
    moved(current.peek());
  });
}

/** Is this a plain click on a link, which the page answers itself? */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}
