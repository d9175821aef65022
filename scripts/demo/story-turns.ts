import type { PlanEntry } from "./acp-update.ts";
import type { Beat } from "./story-shape.ts";

/** What the agents of the story do and say, turn by turn. */

const text = (content: string) => ({ type: "content", content: { type: "text", text: content } }) as const;

/** As a program writes it to a terminal. */
const green = (words: string) => `\u001b[32m${words}\u001b[39m`;
const dim = (words: string) => `\u001b[2m${words}\u001b[22m`;

function plan(...statuses: PlanEntry["status"][]): Beat {
  const items = [
    { content: "Read the changed files", priority: "high" },
    { content: "Find what calls the upload", priority: "medium" },
    { content: "Run the tests of the upload", priority: "high" },
  ] as const;
  return { plan: items.map((item, index) => ({ ...item, status: statuses[index] ?? "pending" })) };
}

const retryFile = [
  "export async function retry<T>(send: () => Promise<T>, tries = 5): Promise<T> {",
  "  for (let attempt = 1; ; attempt += 1) {",
  "    try {",
  "      return await send();",
  "    } catch (error) {",
  "      if (attempt === tries || !isTimeout(error)) throw error;",
  "      await sleep(250 * 2 ** attempt);",
  "    }",
  "  }",
  "}",
].join("\n");

export const readTheChange: readonly Beat[] = [
  { pause: 700 },
  {
    think:
      "The change adds retries around one call. I want to know three things: which errors count as a time-out, how long it waits, and whether a person can still cancel.",
  },
  plan("in_progress"),
  {
    tool: {
      title: "Read src/upload/retry.ts",
      kind: "read",
      input: { path: "src/upload/retry.ts" },
      locations: [{ path: "/workspace/parcel-sync/src/upload/retry.ts" }],
      waits: 180,
      takes: 900,
      ends: "completed",
      content: [text(retryFile)],
      output: { path: "src/upload/retry.ts", lines: 31, truncated: false },
    },
  },
  plan("completed", "in_progress"),
  { pause: 600 },
  {
    think: "The wait doubles for ever: with more tries it soon is minutes. Who passes a number of tries?",
  },
  {
    tool: {
      title: 'Search "retry(" in src',
      kind: "search",
      input: { pattern: "retry\\(", path: "src" },
      locations: [{ path: "/workspace/parcel-sync/src/upload/send-part.ts", line: 47 }],
      waits: 150,
      takes: 1_300,
      ends: "completed",
      content: [
        text(
          "src/upload/send-part.ts:47:  return retry(() => put(part, { signal }), options.tries);\nsrc/upload/resume.ts:22:    await retry(() => sendPart(part, options), 8);",
        ),
      ],
      output: { matches: 2, files: 2 },
    },
  },
  plan("completed", "completed", "in_progress"),
  {
    tool: {
      title: "pnpm vitest run test/upload",
      kind: "execute",
      input: { command: ["pnpm", "vitest", "run", "test/upload"], cwd: "/workspace/parcel-sync" },
      locations: [],
      waits: 200,
      takes: 3_900,
      ends: "completed",
      content: [
        text(
          [
            ` ${green("✓")} test/upload/send-part.test.ts ${dim("(9 tests)")} 412ms`,
            ` ${green("✓")} test/upload/resume.test.ts ${dim("(6 tests)")} 268ms`,
            "",
            ` ${dim("Test Files")}  ${green("2 passed")} (2)`,
            `      ${dim("Tests")}  ${green("15 passed")} (15)`,
          ].join("\n"),
        ),
      ],
      output: { exitCode: 0, durationMs: 3_871 },
    },
  },
  plan("completed", "completed", "completed"),
  { pause: 800 },
  {
    say:
      "The tests pass, and the change does what its title says: a part that times out is sent again, up to five times.\n\n" +
      "Two things worry me.\n\n" +
      "1. **The wait has no upper bound.** It doubles from half a second. `resume.ts` asks for eight tries, which is more than two minutes before the last of them.\n" +
      "2. **An abort is retried.** `isTimeout` looks at the error's name, and a cancelled request has the same one, so pressing Cancel starts the next try.\n\n" +
      "No test covers either case.\n\n",
  },
  {
    say: '{"summary":"Parts that time out are sent again, up to five times.","risks":["the wait doubles without an upper bound","an abort counts as a time-out"]}',
  },
];

export const judge: readonly Beat[] = [
  { pause: 700 },
  {
    think:
      "The first finding is a matter of patience, the second one is wrong behaviour: a person cancels and the upload goes on. That alone decides it.",
  },
  { pause: 900 },
  {
    say: "A retry that outlives a cancel is a defect that people would notice. This should not be merged as it is.\n\n",
  },
  { say: '{"route":"needs_work","reason":"A cancelled upload would go on in the background."}' },
];

export const draftOnce: readonly Beat[] = [
  { pause: 700 },
  { think: "I need the exact lines. A snapshot of the branch would let me quote them with context." },
  {
    tool: {
      title: "git worktree add ../review-412 retry-uploads",
      kind: "execute",
      input: { command: ["git", "worktree", "add", "../review-412", "retry-uploads"] },
      locations: [],
      waits: 160,
      takes: 1_700,
      ends: "failed",
      content: [text("fatal: '../review-412' already exists")],
      output: { exitCode: 128, stderr: "fatal: '../review-412' already exists" },
    },
  },
  {
    say: "I could not make a snapshot of the branch: its folder is already there, and I should not delete it without being asked. Shall I use the existing one?",
  },
];

export const draftAgain: readonly Beat[] = [
  { pause: 700 },
  { think: "The file as it is will do. I check the two line numbers and write the comments." },
  {
    tool: {
      title: "Read src/upload/send-part.ts",
      kind: "read",
      input: { path: "src/upload/send-part.ts", from: 40, to: 52 },
      locations: [{ path: "/workspace/parcel-sync/src/upload/send-part.ts", line: 47 }],
      waits: 140,
      takes: 800,
      ends: "completed",
      content: [text("47    return retry(() => put(part, { signal }), options.tries);")],
      output: { path: "src/upload/send-part.ts", lines: 13, truncated: true },
    },
  },
  {
    tool: {
      title: "Edit review.md",
      kind: "edit",
      input: { path: "review.md" },
      locations: [{ path: "/workspace/parcel-sync/review.md", line: 1 }],
      waits: 120,
      takes: 1_200,
      ends: "completed",
      content: [
        {
          type: "diff",
          path: "/workspace/parcel-sync/review.md",
          oldText: "",
          newText:
            "Thank you, this will help on slow lines. Two changes before it goes in:\n\n- `retry.ts:18`: please bound the wait, ten seconds would do.\n- `send-part.ts:47`: stop at once when `signal` is aborted, and add a test for it.\n",
        },
      ],
      output: { path: "review.md", additions: 4, deletions: 0 },
    },
  },
  {
    say:
      "The review is in `review.md`. It asks for two changes:\n\n" +
      "- `src/upload/retry.ts`, line 18: bound the wait. Ten seconds is enough for a line that is only slow.\n" +
      "- `src/upload/send-part.ts`, line 47: an aborted `signal` should end the retries, with a test that cancels during the wait.\n\n" +
      "Both are one line each:\n\n" +
      "```ts\nawait sleep(Math.min(250 * 2 ** attempt, 10_000), { signal });\n```\n\n",
  },
  {
    say: '{"verdict":"request_changes","comments":[{"path":"src/upload/retry.ts","line":18,"severity":"major","about":"the wait has no upper bound"},{"path":"src/upload/send-part.ts","line":47,"severity":"minor","about":"an abort is retried too"}]}',
  },
];
