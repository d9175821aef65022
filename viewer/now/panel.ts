import { lazyPanel } from "../ui/lazy-panel.tsx";

/** The page of what happens now; what keeps it up to date comes along. */
export const nowPanel = lazyPanel("what happens now", async () => {
  const { Now } = await import("./now.tsx");
  return Now;
});
