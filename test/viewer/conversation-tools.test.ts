import assert from "node:assert/strict";
import { test } from "node:test";
import type { ToolEntry } from "../../viewer/conversation/entry.ts";
import { frontOf, pagesFrom, pagesStep } from "../../viewer/conversation/last-pages.ts";
import { failureLine } from "../../viewer/conversation/failure-line.ts";
import { toolParts } from "../../viewer/conversation/tool-parts.ts";

const ESC = "\u001b";

function tool(fields: Partial<ToolEntry> = {}): ToolEntry {
  return {
    kind: "tool",
    line: 0,
    changed: 1,
    at: 0,
    id: "c",
    title: "Tool",
    toolKind: "other",
    status: "completed",
    endedAt: 1,
    tookMs: null,
    content: [],
    rawInput: undefined,
    rawOutput: undefined,
    locations: [],
    ...fields,
  };
}
const said = (text: string): Pick<ToolEntry, "content"> => ({ content: [{ kind: "text", text }] });

const inputs: readonly (readonly [input: unknown, command: string])[] = [
  [{ command: "ls -la" }, "ls -la"],
  [{ command: ["git", "diff", "a b", "it's"] }, String.raw`git diff 'a b' 'it'\''s'`],
  [{ command: ["/bin/bash", "-lc", "cd x && ls"] }, "cd x && ls"],
  [{ cmd: "make", workdir: "/w" }, "make"],
];
for (const [rawInput, text] of inputs)
  test(`the input ${JSON.stringify(rawInput)} is the command ${text}`, () => {
    const [part] = toolParts(tool({ rawInput }));
    assert.ok(part?.kind === "command");
    assert.equal(part.text, text);
  });

test("what is no command is shown as it is, and nothing is not shown", () => {
  assert.deepEqual(toolParts(tool({ rawInput: { command: 3 } })), [
    { kind: "value", label: "Input", value: { command: 3 } },
  ]);
  assert.deepEqual(toolParts(tool({ rawInput: "q" })), [{ kind: "text", label: "Input", text: "q" }]);
  assert.deepEqual(toolParts(tool({ rawInput: {}, rawOutput: "" })), []);
});

test("output is a terminal's, code or text, by what it is of", () => {
  const kindOf = (fields: Partial<ToolEntry>) => {
    const [part] = toolParts(tool(fields));
    return part?.kind === "code" ? `${part.language}: ${part.text}` : part?.kind;
  };
  assert.equal(kindOf({ toolKind: "execute", ...said("ok") }), "terminal");
  assert.equal(kindOf(said(`${ESC}[31mred`)), "terminal");
  assert.equal(kindOf(said("```console\nls\n```")), "terminal");
  assert.equal(kindOf(said("```ts\nlet\n```\n")), "ts: let");
  assert.equal(kindOf(said("```\na\n```\nand\n```\nb\n```")), "text");
  assert.equal(kindOf({ toolKind: "read", locations: ["a/b.rs:3"], ...said("fn") }), "rs: fn");
  assert.equal(kindOf({ toolKind: "search", locations: ["a.rs"], ...said("fn") }), "text");
});

test("raw output is shown where nothing else is, its streams as a terminal's", () => {
  const rawOutput = { stdout: "out", stderr: "err", exit_code: 2 };
  assert.deepEqual(toolParts(tool({ rawOutput })), [
    { kind: "terminal", label: "Output", text: "out" },
    { kind: "terminal", label: "Errors", text: "err" },
    { kind: "text", label: "Exit code", text: "2" },
  ]);
  assert.deepEqual(toolParts(tool({ rawOutput: { ok: true } })), [
    { kind: "value", label: "Output", value: { ok: true } },
  ]);
  assert.equal(toolParts(tool({ rawOutput, ...said("said") })).length, 1);
});

test("of an edit, the change comes first", () => {
  const diff = { kind: "diff", path: "a.ts", oldText: "a", newText: "b" } as const;
  const parts = toolParts(
    tool({ rawInput: { path: "a.ts" }, content: [{ kind: "text", text: "done" }, diff] }),
  );
  assert.deepEqual(
    parts.map(({ kind }) => kind),
    ["diff", "value", "text"],
  );
});

test("why a call failed is told by the first line that says anything", () => {
  const failed = (fields: Partial<ToolEntry>) => failureLine(tool({ status: "failed", ...fields }));
  assert.equal(failed(said(`\`\`\`console\n\n  ${ESC}[31mboom${ESC}[0m\nmore\n\`\`\``)), "boom");
  assert.equal(failed({ rawOutput: "no\nway" }), "no");
  assert.equal(failed({ rawOutput: { error: { message: "gone" } } }), "gone");
  assert.equal(failed({ rawOutput: { stderr: "bad", stdout: "fine" } }), "bad");
  assert.equal(failed({}), null);
  assert.equal(failureLine(tool(said("fine"))), null);
});

test("the last pages begin with a paragraph, and within the code they were cut from", () => {
  const prose = "A line of it.\nAnother.\n\n".repeat(4000);
  const step = pagesStep(prose.length);
  const pages = pagesFrom(frontOf(prose, step), step);
  assert.ok(pages.from >= step && prose.slice(0, pages.from).endsWith("\n\n") && pages.opening === "");
  const code = `Look:\n\n\`\`\`ts\n${"let a = 1;\n".repeat(8000)}`;
  const codeStep = pagesStep(code.length);
  assert.equal(pagesFrom(frontOf(code, codeStep), codeStep).opening, "```ts\n");
  const over = `\`\`\`ts\nlet\n\`\`\`\n\n${prose}`;
  assert.equal(pagesFrom(frontOf(over, step), step).opening, "");
  const words = "word ".repeat(20_000);
  assert.deepEqual(pagesFrom(frontOf(words, 70_000), 70_000), { from: 70_000, opening: "…" });
  assert.equal(pagesStep(89_999), pagesStep(80_000));
  assert.equal(pagesStep(1000), 0);
});

test("where the last pages begin follows from the front of the text, and the front not from what comes in", () => {
  const opened = `\`\`\`ts\n${"let a = 1;\n".repeat(8000)}`;
  const step = pagesStep(opened.length);
  const grown = `${opened}let b = 2;\n`;
  assert.equal(pagesStep(grown.length), step);
  assert.equal(frontOf(grown, step), frontOf(opened, step));
  // The window has moved: the line that opened the block is no longer held, and as much came in.
  const moved = `${opened.slice("```ts\n".length)}+ more`;
  assert.equal(pagesStep(moved.length), step);
  assert.notEqual(frontOf(moved, step), frontOf(opened, step));
  assert.equal(pagesFrom(frontOf(moved, step), step).opening, "");
});
