import { ClaudeSession } from "./claude-run.ts";
import { type Clock, realClock } from "./clock.ts";

export interface ClaudeDemoOptions {
  /** How many seconds of the story pass in one of real time. Infinity: all at once. */
  readonly speed?: number;
  /** How far to play; the session is left there, as if somebody still sat before it. */
  readonly until?: "thinking" | "calling" | "agent" | "asking" | "first-turn" | "end";
  readonly seed?: string;
  /** The folder that is worked in. */
  readonly cwd?: string;
  readonly model?: string;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/**
 * Plays a session with everything a reader may want to see, under `dir` as under "~/.claude/projects".
 * Gives the session, which may be gone on with.
 */
export async function writeClaudeDemo(dir: string, options: ClaudeDemoOptions = {}): Promise<ClaudeSession> {
  const { clock = realClock, signal, speed = Number.POSITIVE_INFINITY, until = "end", ...parts } = options;
  const isAtOnce = speed === Number.POSITIVE_INFINITY;
  let ago = 0;
  const now = () => new Date(clock.now().getTime() - ago * 1000);
  const session = new ClaudeSession(dir, { ...parts, now });
  const steps = [...story(session)];
  const played = steps.slice(0, 1 + steps.findIndex(([, , name]) => name === until));
  // Written at once it is as if it had been played until now.
  if (isAtOnce) ago = played.reduce((sum, [seconds]) => sum + seconds, 0);
  for (const [seconds, step] of played) {
    if (isAtOnce) ago -= seconds;
    else await clock.sleep((seconds * 1000) / speed, signal);
    if (signal?.aborted === true) break;
    await step();
  }
  // What comes after is of the time it comes at.
  ago = 0;
  return session;
}

type Step = readonly [seconds: number, step: () => Promise<unknown>, name?: ClaudeDemoOptions["until"]];

function* story(session: ClaudeSession): Generator<Step> {
  let call = "";
  const cart = "/srv/shop/src/cart.ts";
  const begin = (name: string, input: object) => async () => {
    call = await session.call(name, input);
  };
  yield [
    0,
    () =>
      session.prompt("The discount is taken off twice when a cart is reloaded. Find out why, and fix it."),
  ];
  yield [
    2,
    () => session.think("Reloading runs the total again. I should see where the discount is applied."),
  ];
  yield [0, async () => {}, "thinking"];
  yield [1, () => session.say("I will look at how the total of a cart is made.")];
  yield [1, begin("Read", { file_path: cart }), "calling"];
  yield [
    1,
    () =>
      session.result(
        call,
        "1\texport function total(cart: Cart) {\n2\t  return cart.sum - cart.discount;\n3\t}",
      ),
  ];
  yield [1, () => session.title("Fix the doubled discount")];
  const todo = (statuses: readonly string[]) => ({
    todos: ["Find the second place", "Fix it", "Test it"].map((content, place) => ({
      content,
      status: statuses[place] ?? "pending",
      activeForm: content,
    })),
  });
  yield [1, begin("TodoWrite", todo(["in_progress"]))];
  yield [
    0,
    () =>
      session.result(call, "Todos have been modified successfully.", {
        details: { oldTodos: [], newTodos: [] },
      }),
  ];

  let finish = async () => {};
  let agentCall = "";
  let agentResult = async () => {};
  yield [
    2,
    async () => {
      const agent = await session.subagent(
        "Find uses of discount",
        "List every place that reads or writes `discount`.",
      );
      agentResult = () => agent.result(agentCall, "src/cart.ts:2\nsrc/reload.ts:14");
      finish = () => agent.finish("Two places: src/cart.ts:2 and src/reload.ts:14.");
      agentCall = await agent.call("Grep", { pattern: "discount", path: "/srv/shop/src" });
    },
    "agent",
  ];
  yield [3, () => agentResult()];
  yield [2, () => finish()];

  const edit = {
    file_path: "/srv/shop/src/reload.ts",
    old_string: "cart.sum -= cart.discount;\n",
    new_string: "",
  };
  yield [2, begin("Edit", edit)];
  yield [
    1,
    () =>
      session.result(call, "The file /srv/shop/src/reload.ts has been updated.", {
        details: { filePath: edit.file_path, oldString: edit.old_string, newString: edit.new_string },
      }),
  ];
  yield [1, begin("Bash", { command: "npm test", description: "Run the tests" })];
  yield [
    4,
    () => session.result(call, "Exit code 1\n1 of 24 failed: a cart keeps its discount", { isError: true }),
  ];
  yield [1, () => session.retry(1, 1200, "Overloaded")];
  yield [2, begin("Bash", { command: "npm test -- --update", description: "Run the tests again" })];
  yield [4, () => session.result(call, "24 passed")];
  yield [
    1,
    () => session.endTurn("The discount was taken off in `reload.ts` too. It is only taken off once now."),
    "first-turn",
  ];

  yield [5, () => session.prompt("Good. Commit it.")];
  const question = {
    question: "Commit to main, or to a branch?",
    header: "Branch",
    options: [],
    multiSelect: false,
  };
  yield [2, begin("AskUserQuestion", { questions: [question] }), "asking"];
  yield [6, () => session.result(call, "User has answered your questions: a branch.")];
  yield [
    1,
    () => session.compact(155_000, "The doubled discount was fixed; it is to be committed to a branch."),
  ];
  yield [
    1,
    begin("Bash", { command: "git checkout -b fix-discount && git commit -am 'Take the discount off once'" }),
  ];
  yield [2, () => session.result(call, "1 file changed, 1 deletion(-)")];
  yield [1, () => session.endTurn("Committed to `fix-discount`."), "end"];
}
