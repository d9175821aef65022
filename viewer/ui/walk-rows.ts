/** Arrows, Home and End go among the rows of a box that the Tab key stops at once. Gives what ends it. */
export function walkRows(box: HTMLElement, rows: string): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const all = [...box.querySelectorAll<HTMLElement>(rows)];
    const at = all.findIndex((row) => row === document.activeElement);
    const next = at === -1 ? undefined : all[targetOf(event.key, at, all.length)];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  box.addEventListener("keydown", onKey);
  return () => box.removeEventListener("keydown", onKey);
}

function targetOf(key: string, at: number, count: number): number {
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, count - 1);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return -1;
  }
}
