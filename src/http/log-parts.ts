import type { ServerResponse } from "node:http";
import * as v from "valibot";
import { Log } from "../protocol/log.ts";
import type { LogParts } from "../sources/source.ts";
import type { OpenRun } from "../store/run-stores.ts";
import { sendBytes, sendError } from "./reply.ts";
import { Slots } from "../slots.ts";

/**
 * The older parts of a run's logs (see src/protocol/log-ranges.ts). They are
 * asked for within an epoch: a run that was written anew has other lines under
 * the same numbers, and then the answer is 409.
 */

const Whole = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const PageStart = v.pipe(Whole, v.multipleOf(Log.PAGE));
const InLog = { name: v.string(), epoch: v.string() };

const QUESTIONS = {
  log: v.object({ ...InLog, part: v.literal("log"), from: PageStart, to: Whole }),
  times: v.object({ ...InLog, part: v.literal("times") }),
  outline: v.object({ ...InLog, part: v.literal("outline"), from: Whole }),
};

type Question = v.InferOutput<(typeof QUESTIONS)[keyof typeof QUESTIONS]>;

/** Undefined: the address asks for something else. */
export function readQuestion(part: string, url: string | undefined): Question | "malformed" | undefined {
  if (part !== "log" && part !== "times" && part !== "outline") return undefined;
  const { searchParams } = new URL(url ?? "", "http://localhost");
  const asked = v.safeParse(QUESTIONS[part], { ...Object.fromEntries(searchParams), part });
  return asked.success ? asked.output : "malformed";
}

/** Ranges that are read, or on their way to who asked, at a time: each may be some megabytes. */
const ranges = new Slots(4);

export function sendLogPart(
  response: ServerResponse,
  open: () => Promise<OpenRun | undefined>,
  question: Question,
): Promise<void> {
  if (question.part !== "log") return send(response, open, question);
  return ranges.take(async () => {
    // Who has left meanwhile needs no answer.
    if (response.destroyed) return;
    await send(response, open, question);
    await taken(response);
  });
}

/** Who takes longer than this must not keep everyone else waiting. */
const TAKEN_WITHIN_MS = 2_000;

/** Until the answer has been taken, or its reader has left or is slow. */
async function taken(response: ServerResponse): Promise<void> {
  if (response.writableFinished || response.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, TAKEN_WITHIN_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    response.once("finish", done);
    response.once("close", done);
  });
}

function send(
  response: ServerResponse,
  open: () => Promise<OpenRun | undefined>,
  question: Question,
): Promise<void> {
  return sendOfEpoch(response, open, question.epoch, (parts) => answer(parts, question));
}

/** Answers a question about the logs of one epoch of a run. */
export async function sendOfEpoch(
  response: ServerResponse,
  open: () => Promise<OpenRun | undefined>,
  asked: string,
  answer: (parts: LogParts) => Promise<string | undefined>,
): Promise<void> {
  const run = await open();
  if (run === undefined) return sendError(response, 404, "There is no such run.");
  try {
    const { epoch } = run.topic;
    const json = epoch === asked ? await answer(run.parts) : undefined;
    // Written anew while it was read: what was read may be of either.
    if (epoch !== asked || run.topic.epoch !== epoch) {
      return sendError(response, 409, "The run was opened or written anew; a new snapshot says its epoch.");
    }
    if (json === undefined) return sendError(response, 404, "The run has no such log.");
    sendBytes(response, 200, Buffer.from(json));
  } finally {
    run.release();
  }
}

function answer(parts: LogParts, question: Question): Promise<string | undefined> {
  switch (question.part) {
    case "log":
      return parts.range(question.name, question.from, question.to);
    case "times":
      return parts.times(question.name);
    case "outline":
      return parts.outline(question.name, question.from);
  }
}
