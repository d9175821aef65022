import { toolBody } from "../conversation/tool-body-part.ts";
import { lazyPanel, preloadSoon } from "../ui/lazy-panel.tsx";

/** What is not needed for every first picture: each is a part of its own, which brings what keeps it up to date along. */

export const detailsPanel = lazyPanel("the details", async () => {
  const { Details } = await import("../details/details.tsx");
  return Details;
});

/** Of evaluations alone: what others need not load. */
export const gradingPanel = lazyPanel("the grading", async () => {
  const { Grading } = await import("../grading/panels.ts");
  return Grading;
});

export const testConversationPanel = lazyPanel("the conversation", async () => {
  const { TestConversation } = await import("../grading/panels.ts");
  return TestConversation;
});

export const testDetailsPanel = lazyPanel("the details", async () => {
  const { TestDetails } = await import("../grading/panels.ts");
  return TestDetails;
});

export const eventsPanel = lazyPanel("the events", async () => {
  const [{ Events }, { startEvents }] = await Promise.all([
    import("../events/events.tsx"),
    import("../events/shown.ts"),
  ]);
  startEvents();
  return Events;
});

export const filesPanel = lazyPanel("the files", async () => {
  const [{ Files }, { startFiles }] = await Promise.all([
    import("../files/files.tsx"),
    import("../files/shown.ts"),
  ]);
  startFiles();
  return Files;
});

/** An evaluation's middle. */
export const resultsPanel = lazyPanel("the results", async () => {
  const [{ Results }, { startResults }] = await Promise.all([
    import("../results/results.tsx"),
    import("../results/shown.ts"),
  ]);
  startResults();
  return Results;
});

/** Of coding sessions alone. */
export const turnsPanel = lazyPanel("the turns", async () => {
  const { Turns } = await import("../coding/panels.ts");
  return Turns;
});

export function startPanels(): void {
  preloadSoon([{ preload: () => void toolBody.read() }, detailsPanel, eventsPanel, filesPanel, resultsPanel]);
}
