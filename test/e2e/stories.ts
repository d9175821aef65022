import { reviewPullRequest } from "../../scripts/demo/story.ts";
import type { AcpStep, Story } from "../../scripts/demo/story-shape.ts";

const NODES = ["gather", "weigh", "write"] as const;
const WORDS_A_STEP = 10;

/** About two steps a second for minutes, every word of them another: "s3w7" is the eighth word of step 3. */
export const steadyStory: Story = {
  ...reviewPullRequest,
  flowName: "steady-work",
  runTitle: "Steady work",
  flow: {
    schema: "acpx.flow-definition-snapshot.v1",
    name: "steady-work",
    startAt: NODES[0],
    nodes: Object.fromEntries(NODES.map((name) => [name, { nodeType: "acp", session: {}, hasPrompt: true }])),
    edges: NODES.map((from, index) => ({ from, to: NODES[(index + 1) % NODES.length] })),
  },
  steps: Array.from({ length: 200 }, (_, step): AcpStep => {
    const words = Array.from({ length: WORDS_A_STEP }, (_unused, word) => `s${step}w${word}`);
    return {
      kind: "acp",
      nodeId: NODES[step % NODES.length] ?? NODES[0],
      session: "main",
      prompt: `Do part ${step}.`,
      turn: [{ say: `${words.join(" ")}.` }],
      usage: { inputTokens: 10, outputTokens: 10, costUsd: 0.001 },
      result: { output: { step } },
    };
  }),
};
