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

/** The minute it is: a silence that grows old changes what is live, and nothing else does by itself. */
export const minute = computed(() => Math.floor(now.value / 60_000) * 60_000);
