import { computed, signal } from "@preact/signals";

const EVERY_MS = 250;
const wall = signal(Date.now());

/** The wall clock, a few times a second while the page is seen. Everything that counts up reads this one. */
export const now = computed(() => wall.value);

export function startNow(): void {
  const tick = () => {
    wall.value = Date.now();
  };
  let timer = setInterval(tick, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    clearInterval(timer);
    if (document.hidden) return;
    tick();
    timer = setInterval(tick, EVERY_MS);
  });
}
