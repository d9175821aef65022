import { reviewPullRequest } from "./story.ts";
import type { Story, StoryEnd } from "./story-shape.ts";

const { steps } = reviewPullRequest;

/** The review, as far as the draft that fails: nobody tries again. */
const failedReview: Story = {
  ...reviewPullRequest,
  runTitle: "Review PR 398",
  steps: steps.slice(0, 4),
  ends: "failed",
};

/** The review of a change that is fine: someone has to say so. */
const waitingReview: Story = {
  ...reviewPullRequest,
  runTitle: "Review PR 405",
  steps: [
    ...steps.slice(0, 2),
    ...steps.slice(2, 3).map((step) => {
      if (step.kind !== "acp") return step;
      const judged = { route: "ready", reason: "Both findings are mended." };
      const turn = [
        { pause: 700 },
        { think: "Both findings are mended, and each has a test of its own." },
        { say: `Nothing stands in the way of merging this.\n\n${JSON.stringify(judged)}` },
      ];
      return { ...step, turn, result: { output: judged } };
    }),
    { kind: "checkpoint", nodeId: "approve", summary: "Someone approves the change" },
  ],
  ends: "waiting",
};

/** The demo's story for each way in which a run may end up. */
export const ENDINGS: Readonly<Record<StoryEnd, Story>> = {
  completed: reviewPullRequest,
  failed: failedReview,
  waiting: waitingReview,
};

/** The story up to the middle of its last turn, which then says no more: live and still. */
export const restingReview: Story = {
  ...reviewPullRequest,
  steps: steps.slice(0, 5).map((step, index) => {
    if (index < 4 || step.kind !== "acp") return step;
    return { ...step, turn: [...step.turn, { pause: Number.MAX_SAFE_INTEGER }] };
  }),
};
