import type { AgentvTest } from "./agentv-run.ts";

/** A test of the demo's evaluation, and when it begins and how long it takes at normal speed. */
export interface StoryTest {
  readonly test: AgentvTest;
  readonly beginsMs: number;
}

export const EVAL_FILE = "evals/changelog-writer.eval.yaml";

/** So many tests are run at a time. */
const WORKERS = 3;

const entry = (text: string) => `## 2.4.0\n\n${text}\n`;

/**
 * An agent that writes changelogs, put to the test. One test fails, one cannot be run, the others
 * pass; in the order in which they are defined.
 */
const TESTS: readonly AgentvTest[] = [
  writing("one-fix", "A single bug fix", "- Fixed: the cursor no longer jumps when a line wraps.", 4_200),
  writing("two-features", "Two new features", "- Added: dark theme.\n- Added: export as CSV.", 6_900),
  {
    ...writing(
      "breaking-change",
      "A change that breaks callers",
      "- Changed: `open()` takes options.",
      8_100,
    ),
    score: 0.45,
    graders: [
      has("has-heading", true),
      {
        name: "names-the-break",
        type: "llm-grader",
        score: 0.2,
        weight: 2,
        reasoning: "The entry says what changed, but not that callers have to change with it.",
        assertions: [
          { text: "says which call changed", passed: true, evidence: "`open()` takes options" },
          { text: "is marked as breaking", passed: false, evidence: "the entry stands under Changed" },
          { text: "says what callers have to do", passed: false },
        ],
      },
    ],
  },
  writing("empty-range", "A range without commits", "Nothing changed.", 2_600, "edge-cases"),
  writing("merge-commits", "Merges are left out", "- Fixed: uploads are resumed.", 5_400, "edge-cases"),
  {
    id: "huge-range",
    suite: "edge-cases",
    target: "writer",
    question: question("Four thousand commits"),
    answer: "",
    score: 0,
    error: "The agent ended with exit code 137: out of memory.",
    durationMs: 7_800,
    tools: [log("v1.0.0..v2.0.0", "(4,112 commits)", 3_900)],
  },
  writing("reverted", "A commit and its revert", "Nothing changed for users.", 4_700, "edge-cases"),
  writing("security-fix", "A security fix", "- Security: links are escaped.", 6_100),
  writing("keeps-style", "The file's style is kept", "* fix: quieter logs", 5_200, "style"),
  writing("links-issues", "Issues are linked", "- Fixed: a crash at start (#412).", 7_300, "style"),
  writing("plain-words", "Jargon is avoided", "- Changed: saving is faster.", 4_900, "style"),
  writing("dated-heading", "The heading has a date", "- Added: keyboard shortcuts.", 3_700, "style"),
];

/** Each test begins when a worker is free. */
export const STORY: readonly StoryTest[] = scheduled();

function scheduled(): StoryTest[] {
  const free = Array.from({ length: WORKERS }, (_, worker) => 400 + worker * 150);
  return TESTS.map((test) => {
    const beginsMs = Math.min(...free);
    free[free.indexOf(beginsMs)] = beginsMs + test.durationMs;
    return { test, beginsMs };
  });
}

function writing(id: string, what: string, text: string, durationMs: number, suite = "entries"): AgentvTest {
  const share = durationMs / 10;
  return {
    id,
    suite,
    target: "writer",
    question: question(what),
    answer: entry(text),
    score: 1,
    durationMs,
    tokens: [1_800 + Math.round(durationMs / 3), 120 + Math.round(durationMs / 20)],
    costUsd: Math.round(durationMs * 0.41) / 100_000,
    tools: [
      log("v2.3.0..HEAD", `9f3c1d2 ${what.toLowerCase()}`, share),
      {
        name: "Read",
        input: { file_path: "CHANGELOG.md" },
        output: "# Changelog\n\n## 2.3.0\n",
        durationMs: share,
      },
      {
        name: "Edit",
        input: {
          file_path: "CHANGELOG.md",
          old_string: "# Changelog\n",
          new_string: `# Changelog\n\n${entry(text)}`,
        },
        output: "The file was changed.",
        durationMs: share,
      },
    ],
    graders: [
      has("has-heading", true),
      {
        name: "reads-well",
        type: "llm-grader",
        score: 0.9,
        reasoning: "Short, and it says what changed for those who use it.",
        assertions: [{ text: "is about users, not about code", passed: true }],
      },
    ],
  };
}

function question(what: string): string {
  return `Write the changelog entry for version 2.4.0.\n\nThe case: ${what.toLowerCase()}.`;
}

function log(range: string, output: string, durationMs: number) {
  return { name: "Bash", input: { command: `git log --oneline ${range}` }, output, durationMs };
}

function has(name: string, passed: boolean) {
  const assertions = [{ text: 'Output contains "## 2.4.0"', passed }];
  return { name, type: "contains", score: passed ? 1 : 0, assertions };
}
