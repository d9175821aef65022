declare global {
  interface Window {
    /** How long each task of more than 50 ms took, in milliseconds. */
    longTasks?: number[];
  }
}

/** Runs in the page, before anything else does. */
export function watchLongTasks(): void {
  const all: number[] = [];
  window.longTasks = all;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) all.push(duration);
  });
  observer.observe({ type: "longtask", buffered: true });
}
