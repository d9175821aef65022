import type { TraceEvent } from "../../src/protocol/bundle.ts";
import { type Fields, fieldsOf, listOf, numberOf, textOf } from "../playback/unknown.ts";
import { duration, humanise, money, plural, roughNumber } from "../ui/format.ts";
import { bytesText, joined } from "./words.ts";

/** What an event of the trace says, in a few words. Of a type that nobody has named, what such events usually say. */
export function traceText(event: TraceEvent): string {
  const payload = fieldsOf(event.payload);
  const { artifact } = event;
  switch (event.type) {
    case "node_outcome":
      return outcomeText(payload);
    case "action_prepared":
      return commandText(fieldsOf(payload["action"]));
    case "action_completed":
      return joined(exitText(fieldsOf(payload["action"])), commandText(fieldsOf(payload["action"])));
    case "artifact_written":
      return joined(artifact?.mediaType ?? null, bytesText(artifact?.bytes), artifact?.path ?? null);
    case "acp_prompt_prepared":
      return joined("prompt", artifactText(payload["promptArtifact"]), toSession(event, payload));
    case "acp_response_parsed":
      return joined("answer", artifactText(payload["rawResponseArtifact"]), toSession(event, payload));
    case "session_bound":
      return joined(textOf(payload["handle"]), toSession(event, payload));
    case "turn_started":
      return joined(turnText(event), textOf(payload["title"]));
    case "turn_ended":
      return joined(turnText(event), textOf(payload["outcome"]), textOf(payload["error"]));
    case "usage_recorded":
      return usedText(payload);
    case "session_mark":
      return joined(textOf(payload["mark"]), textOf(payload["text"]));
    case "agent_started":
    case "agent_ended":
      return joined(textOf(payload["name"]), event.sessionId ?? null);
    case "test_started":
      return joined(
        beganText(payload["since"], Date.parse(event.at)),
        textOf(payload["suite"]),
        textOf(payload["target"]),
      );
    case "grader_result":
      return graderText(payload);
    case "test_result":
      return resultText(payload);
    case "test_files":
      return listOf(payload["files"])
        .map((file) => textOf(fieldsOf(file)["role"]) ?? "file")
        .join(", ");
    case "tests_counted":
      return countedText(payload);
    default:
      return otherText(event, payload);
  }
}

function turnText({ nodeId }: TraceEvent): string | null {
  return nodeId == null ? null : humanise(nodeId);
}

/** "claude-opus-4-8 · 12 in · 340 out · 18k cached · $0.04". */
function usedText(payload: Fields): string {
  const usage = fieldsOf(payload["usage"]);
  const count = (name: string) => numberOf(usage[name]) ?? 0;
  const cost = numberOf(usage["costUsd"]);
  const cached = count("cacheReadTokens") + count("cacheWriteTokens");
  return joined(
    textOf(payload["model"]),
    `${roughNumber(count("inputTokens"))} in`,
    `${roughNumber(count("outputTokens"))} out`,
    cached === 0 ? null : `${roughNumber(cached)} cached`,
    cost === null ? "unpriced" : money(cost, "USD"),
    payload["repeated"] === true ? "counted elsewhere" : null,
  );
}

/** So much may pass until a start is written down. */
const TOLD_LATE_MS = 100;

/** Many a producer tells of a test only once it has ended. */
function beganText(since: unknown, told: number): string | null {
  const began = Date.parse(textOf(since) ?? "");
  return told - began > TOLD_LATE_MS ? `began ${duration(told - began)} earlier, told now` : null;
}

const VERDICTS: Readonly<Record<string, string>> = { pass: "passed", fail: "failed", skip: "skipped" };

/** "contains mentions it: failed · 0.20 · Output has no such word". */
function graderText(payload: Fields): string {
  const verdict = textOf(payload["verdict"]) ?? "";
  const name = [textOf(payload["kind"]), textOf(payload["name"])].filter((word) => word !== null).join(" ");
  const missed = listOf(payload["assertions"]).find((each) => fieldsOf(each)["passed"] === false);
  const trial = numberOf(payload["trial"]);
  return joined(
    `${name}: ${VERDICTS[verdict] ?? verdict}`,
    scoreText(payload["score"]),
    trial === null ? null : `trial ${trial}`,
    textOf(payload["message"]) ?? textOf(fieldsOf(missed)["text"]),
  );
}

function resultText(payload: Fields): string {
  const took = numberOf(payload["durationMs"]);
  const state = textOf(payload["state"]) ?? "";
  const ended = took === null ? state : `${state} after ${duration(took)}`;
  return joined(
    ended,
    scoreText(payload["score"]),
    textOf(payload["stage"]),
    textOf(payload["reason"]),
    textOf(payload["error"]),
  );
}

/** "of 4 tests: 2 passed, 2 failed". */
function countedText(payload: Fields): string {
  const counts = (["passed", "failed", "errors", "skipped"] as const).flatMap((word) => {
    const count = numberOf(payload[word]) ?? 0;
    if (count === 0) return [];
    return word === "errors" ? [plural(count, "error")] : [`${count} ${word}`];
  });
  const total = plural(numberOf(payload["total"]) ?? 0, "test");
  return counts.length === 0 ? total : `of ${total}: ${counts.join(", ")}`;
}

function scoreText(score: unknown): string | null {
  return numberOf(score)?.toFixed(2) ?? null;
}

function otherText(event: TraceEvent, payload: Fields): string {
  if (textOf(payload["outcome"]) !== null) return outcomeText(payload);
  const said =
    textOf(payload["error"]) ??
    textOf(payload["statusDetail"]) ??
    textOf(payload["status"]) ??
    textOf(payload["flowName"]) ??
    textOf(payload["message"]) ??
    textOf(payload["nodeType"]);
  if (said !== null) return said;
  return event.artifact?.path ?? commandText(fieldsOf(payload["action"]));
}

function outcomeText(payload: Fields): string {
  const took = numberOf(payload["durationMs"]);
  const error = textOf(payload["error"]);
  const outcome = textOf(payload["outcome"]) ?? "";
  const ended = took === null ? outcome : `${outcome} after ${duration(took)}`;
  return error === null ? ended : `${ended}: ${error}`;
}

function exitText(action: Fields): string | null {
  const code = numberOf(action["exitCode"]);
  const signal = textOf(action["signal"]);
  const took = numberOf(action["durationMs"]);
  const end = signal ?? (code === null ? null : `exit ${code}`);
  if (end === null) return null;
  return took === null ? end : `${end} after ${duration(took)}`;
}

function commandText(action: Fields): string {
  const command = textOf(action["command"]);
  if (command === null) return textOf(action["actionType"]) ?? "";
  return [command, ...listOf(action["args"]).map((arg) => textOf(arg) ?? "")].join(" ");
}

function artifactText(artifact: unknown): string | null {
  return bytesText(numberOf(fieldsOf(artifact)["bytes"]));
}

function toSession(event: TraceEvent, payload: Fields): string | null {
  return event.sessionId ?? textOf(payload["sessionId"]);
}
