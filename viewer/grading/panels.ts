import { startGrading } from "./shown.ts";

/** The side's tabs as an evaluation has them: one part of the page, which others need not load. */

export { Grading } from "./grading.tsx";
export { TestConversation } from "./test-conversation.tsx";
export { TestDetails } from "./test-details.tsx";

startGrading();
