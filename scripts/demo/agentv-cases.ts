import type { AgentvTest } from "./agentv-run.ts";

type Grader = NonNullable<AgentvTest["graders"]>[number];
type Tool = NonNullable<AgentvTest["tools"]>[number];

export const EVAL_FILE = "evals/changelog-writer.eval.yaml";

const FILE = { file_path: "CHANGELOG.md" };
const entry = (text: string) => `## 2.4.0\n\n${text}\n`;

/** An agent that writes changelogs, put to the test: what it does when all goes well. */
export const CASES: readonly AgentvTest[] = [
  good("one-fix", "A single bug fix", "- Fixed: the cursor no longer jumps when a line wraps.", 4_200),
  good("two-features", "Two new features", "- Added: dark theme.\n- Added: export as CSV.", 6_900),
  good(
    "breaking-change",
    "A change that breaks callers",
    "- **Breaking:** `open()` takes options. Pass `{ path }`.",
    8_100,
    [
      {
        ...judge("names-the-break", "The entry says what callers have to change.", [
          { text: "says which call changed", passed: true, evidence: "`open()` takes options" },
          { text: "is marked as breaking", passed: true, evidence: "**Breaking:**" },
          { text: "says what callers have to do", passed: true, evidence: "Pass `{ path }`." },
        ]),
        weight: 2,
      },
    ],
  ),
  good("security-fix", "A security fix", "- Security: links are escaped.", 6_100),
  good("links-issues", "Issues are linked", "- Fixed: a crash at start (#412).", 7_300, [
    holds("links-the-issue", "(#412)"),
  ]),
  good("plain-words", "Jargon is avoided", "- Changed: saving is faster.", 4_900),
  good("dated-heading", "The heading has a date", "- Added: keyboard shortcuts.", 3_700),
  good("keeps-style", "The file's style is kept", "- Fixed: quieter logs.", 5_200),
  good("empty-range", "A range without commits", "Nothing changed.", 2_600, [], "edge-cases"),
  good("merge-commits", "Merges are left out", "- Fixed: uploads are resumed.", 5_400, [], "edge-cases"),
  good("huge-range", "Four thousand commits", "- Changed: a new storage engine.", 9_600, [], "edge-cases"),
  good("reverted", "A commit and its revert", "Nothing changed for users.", 4_700, [], "edge-cases"),
  good("no-tags", "A repository without tags", "- Added: the first version.", 5_800, [], "edge-cases"),
  good("other-language", "Commits in Portuguese", "- Added: search by date.", 6_400, [], "edge-cases"),
];

/** What it does when a case goes wrong. */
export const FLAWS = {
  "breaking-change": {
    ...answering("- Changed: `open()` takes options."),
    graders: [
      holds("has-heading", "## 2.4.0"),
      {
        ...judge(
          "names-the-break",
          "The entry says what changed, but not that callers have to change with it.",
          [
            { text: "says which call changed", passed: true, evidence: "`open()` takes options" },
            {
              text: "is marked as breaking",
              passed: false,
              evidence:
                "expected: a line that begins with **Breaking:**\nanswer: - Changed: `open()` takes options.",
            },
            { text: "says what callers have to do", passed: false },
          ],
        ),
        score: 0.33,
        weight: 2,
      },
      judge("reads-well", "Short, and it says what changed.", [
        { text: "is about users, not about code", passed: true },
      ]),
    ],
  },
  "huge-range": {
    answer: "",
    error: "The agent ended with exit code 137: out of memory.",
    graders: [],
    tools: [log("v1.0.0..v2.0.0", "(4,112 commits)", 3_900)],
  },
  "links-issues": {
    ...answering("- Fixed: a crash at start."),
    graders: [
      holds("has-heading", "## 2.4.0"),
      {
        name: "links-the-issue",
        type: "contains",
        score: 0,
        assertions: [{ text: 'Output contains "(#412)"', passed: false }],
      },
    ],
  },
  "merge-commits": {
    ...answering("- Fixed: uploads are resumed.\n- Merge pull request #398."),
    graders: [
      holds("has-heading", "## 2.4.0"),
      {
        ...judge("reads-well", "A merge is no change of its own.", [
          { text: "leaves merges out", passed: false, evidence: "- Merge pull request #398." },
        ]),
        score: 0.4,
      },
    ],
  },
  "keeps-style": {
    ...answering("* fix: quieter logs"),
    graders: [
      holds("has-heading", "## 2.4.0"),
      {
        ...judge("reads-well", "The file's other entries begin with a word such as Fixed.", [
          { text: "looks like the entries above it", passed: false, evidence: "* fix: quieter logs" },
        ]),
        score: 0.5,
      },
    ],
  },
} satisfies Record<string, Partial<AgentvTest>>;

export type FlawedCase = keyof typeof FLAWS;

/** What a test comes to by its graders. */
export function scoreOf({ error, graders = [] }: Pick<AgentvTest, "error" | "graders">): number {
  if (error !== undefined) return 0;
  const weights = graders.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const points = graders.reduce((sum, { score, weight = 1 }) => sum + score * weight, 0);
  return weights === 0 ? 1 : Math.round((points / weights) * 100) / 100;
}

function good(
  id: string,
  what: string,
  text: string,
  durationMs: number,
  own: readonly Grader[] = [],
  suite = "entries",
): AgentvTest {
  const graders = [
    holds("has-heading", "## 2.4.0"),
    ...own,
    judge("reads-well", "Short, and it says what changed for those who use it.", [
      { text: "is about users, not about code", passed: true },
    ]),
  ];
  return {
    id,
    suite,
    target: "writer",
    question: `Write the changelog entry for version 2.4.0.\n\nThe case: ${what.toLowerCase()}.`,
    answer: entry(text),
    score: scoreOf({ graders }),
    durationMs,
    tokens: [1_800 + Math.round(durationMs / 3), 120 + Math.round(durationMs / 20)],
    costUsd: Math.round(durationMs * 0.41) / 100_000,
    tools: [
      log("v2.3.0..HEAD", `9f3c1d2 ${what.toLowerCase()}`, durationMs / 10),
      { name: "Read", input: FILE, output: "# Changelog\n\n## 2.3.0\n", durationMs: durationMs / 10 },
      edit(text, durationMs / 10),
    ],
    graders,
  };
}

/** The same work with another text. */
function answering(text: string) {
  return {
    answer: entry(text),
    tools: [log("v2.3.0..HEAD", "9f3c1d2 what was asked for", 600), edit(text, 400)],
  };
}

function edit(text: string, durationMs: number): Tool {
  const input = { ...FILE, old_string: "# Changelog\n", new_string: `# Changelog\n\n${entry(text)}` };
  return { name: "Edit", input, output: "The file was changed.", durationMs };
}

function log(range: string, output: string, durationMs: number): Tool {
  return { name: "Bash", input: { command: `git log --oneline ${range}` }, output, durationMs };
}

function holds(name: string, text: string): Grader {
  return {
    name,
    type: "contains",
    score: 1,
    assertions: [{ text: `Output contains "${text}"`, passed: true }],
  };
}

function judge(name: string, reasoning: string, assertions: Grader["assertions"]): Grader {
  return { name, type: "llm-grader", score: 0.9, reasoning, assertions };
}
