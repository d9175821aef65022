import type { Story } from "./story-shape.ts";
import { draftAgain, draftOnce, judge, readTheChange } from "./story-turns.ts";

const cwd = "/workspace/parcel-sync";

const pullRequest = {
  number: 412,
  title: "Retry uploads that time out",
  base: "main",
  head: "retry-uploads",
  additions: 61,
  deletions: 9,
  files: ["src/upload/send-part.ts", "src/upload/retry.ts", "test/upload/send-part.test.ts"],
};

const review = {
  verdict: "request_changes",
  comments: [
    { path: "src/upload/retry.ts", line: 18, severity: "major", about: "the wait has no upper bound" },
    { path: "src/upload/send-part.ts", line: 47, severity: "minor", about: "an abort is retried too" },
  ],
};

const posted = { commentId: 90_871, url: "https://forge.example/parcel-sync/pull/412#comment-90871" };

/**
 * "Review a pull request": a shell step, two agents, a branch by the judge's
 * route, and a draft that fails once and succeeds when the flow comes back to it.
 */
export const reviewPullRequest: Story = {
  flowName: "review-pull-request",
  runTitle: "Review PR 412",
  flowPath: `${cwd}/flows/review-pull-request.flow.ts`,
  cwd,
  agentName: "codex",
  agentCommand: "npx @zed-industries/codex-acp",
  input: { repository: "parcel-sync", pullRequest: 412 },
  flow: {
    schema: "acpx.flow-definition-snapshot.v1",
    name: "review-pull-request",
    startAt: "load_pull_request",
    nodes: {
      load_pull_request: {
        nodeType: "action",
        statusDetail: "Load the pull request",
        actionExecution: "shell",
        hasRun: false,
        hasExec: true,
        hasParse: true,
      },
      read_the_change: acpNode({}),
      judge: acpNode({ handle: "judge", isolated: true }),
      draft_the_review: acpNode({}),
      approve: { nodeType: "checkpoint", summary: "someone approves the change", hasRun: true },
      post_comment: {
        nodeType: "action",
        statusDetail: "Post the review",
        actionExecution: "shell",
        hasRun: false,
        hasExec: true,
        hasParse: true,
      },
      summarise: { nodeType: "compute", hasRun: true },
    },
    edges: [
      { from: "load_pull_request", to: "read_the_change" },
      { from: "read_the_change", to: "judge" },
      {
        from: "judge",
        switch: { on: "$.route", cases: { needs_work: "draft_the_review", ready: "approve" } },
      },
      {
        from: "draft_the_review",
        switch: { on: "$result.outcome", cases: { ok: "post_comment", failed: "draft_the_review" } },
      },
      { from: "approve", to: "post_comment" },
      { from: "post_comment", to: "summarise" },
    ],
  },
  steps: [
    {
      kind: "action",
      nodeId: "load_pull_request",
      statusDetail: "Load the pull request",
      command: "gh",
      args: ["pr", "view", "412", "--json", "number,title,baseRefName,headRefName,additions,deletions,files"],
      takes: 2_200,
      stdout: `${JSON.stringify(pullRequest, null, 2)}\n`,
      stderr: "",
      output: pullRequest,
    },
    {
      kind: "acp",
      nodeId: "read_the_change",
      session: "main",
      prompt: [
        `Read pull request 412, "${pullRequest.title}", in ${cwd}.`,
        "Look at every changed file and at what calls it, and run the tests of the upload.",
        "Finish with exactly one JSON object of this shape:",
        '{ "summary": "what the change does", "risks": ["what may break"] }',
      ].join("\n"),
      turn: readTheChange,
      usage: { inputTokens: 18_420, outputTokens: 611, costUsd: 0.0461 },
      result: {
        output: {
          summary: "Parts that time out are sent again, up to five times.",
          risks: ["the wait doubles without an upper bound", "an abort counts as a time-out"],
        },
      },
    },
    {
      kind: "acp",
      nodeId: "judge",
      session: "isolated",
      prompt: [
        "You judge whether a change is ready to merge. You see only these findings:",
        "- the wait between two tries doubles without an upper bound",
        "- an abort counts as a time-out",
        'Finish with exactly one JSON object: { "route": "needs_work" | "ready", "reason": "one sentence" }',
      ].join("\n"),
      turn: judge,
      usage: { inputTokens: 1_204, outputTokens: 118, costUsd: 0.0042 },
      result: {
        output: { route: "needs_work", reason: "A cancelled upload would go on in the background." },
      },
    },
    {
      kind: "acp",
      nodeId: "draft_the_review",
      session: "main",
      prompt: draftPrompt(""),
      turn: draftOnce,
      usage: { inputTokens: 19_377, outputTokens: 143, costUsd: 0.0265 },
      result: { error: "No JSON object was found in the agent's reply" },
    },
    {
      kind: "acp",
      nodeId: "draft_the_review",
      session: "main",
      prompt: draftPrompt("\nThe last attempt ended without the JSON object. Go on without the snapshot."),
      turn: draftAgain,
      usage: { inputTokens: 20_015, outputTokens: 402, costUsd: 0.0311 },
      result: { output: review },
    },
    {
      kind: "action",
      nodeId: "post_comment",
      statusDetail: "Post the review",
      command: "gh",
      args: ["pr", "review", "412", "--request-changes", "--body-file", "review.md"],
      takes: 1_900,
      stdout: `${JSON.stringify(posted)}\n`,
      stderr: "warning: 1 comment is outside the diff and was posted on the file\n",
      output: posted,
    },
    {
      kind: "compute",
      nodeId: "summarise",
      takes: 40,
      output: { pullRequest: 412, verdict: review.verdict, comments: review.comments.length, attempts: 2 },
    },
  ],
};

function acpNode(session: object): object {
  return { nodeType: "acp", session, cwd: { mode: "default" }, hasPrompt: true, hasParse: true };
}

function draftPrompt(more: string): string {
  return [
    "Write the review of pull request 412 from what you found. Check each line number against the file.",
    'Finish with exactly one JSON object: { "verdict": "...", "comments": [{ "path", "line", "severity", "about" }] }',
  ]
    .join("\n")
    .concat(more);
}
