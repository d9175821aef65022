import { computed, signal } from "@preact/signals";

/** The width at which the stylesheets, too, change to one column. */
const query = matchMedia("(max-width: 960px)");
const matched = signal(query.matches);
query.addEventListener("change", () => {
  matched.value = query.matches;
});

export const isNarrow = computed(() => matched.value);
