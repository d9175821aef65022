import type { SessionEvent, TraceEvent } from "./bundle.ts";
import { humanise } from "./humanise.ts";
import { isRecorded, NOTICE, updatesIn } from "./updates.ts";

/**
 * What a line of a log says in words, to be searched. Sessions are ACP whatever
 * the source, so this holds for all of them.
 */

export const SAID_KINDS = [
  "user",
  "agent",
  "thought",
  "tool",
  "plan",
  "error",
  "notice",
  "step",
  "test",
  "grader",
] as const;
export type SaidKind = (typeof SAID_KINDS)[number];

export type Said =
  /** It goes on with what the last line of its kind said, or begins it. */
  | { readonly place: "part"; readonly kind: SaidKind; readonly text: string }
  /** Texts of their own. After a `whole` something new is said; an `aside` interrupts nothing. */
  | {
      readonly place: "whole" | "aside";
      readonly kind: SaidKind;
      readonly texts: readonly string[];
    };

export function saidIn({ message }: SessionEvent): Said | null {
  const params = fields(message["params"]);
  switch (message["method"]) {
    case undefined: {
      const error = text(fields(message["error"])["message"]);
      return error === null ? null : { place: "whole", kind: "error", texts: [error] };
    }
    case "session/prompt":
      return { place: "whole", kind: "user", texts: list(params["prompt"]).flatMap(blockTexts) };
    case "session/request_permission":
      return { place: "aside", kind: "tool", texts: toolTexts(fields(params["toolCall"])) };
    case "session/update":
      return updatesSaid(message);
    case NOTICE:
      return {
        place: "whole",
        kind: params["tone"] === "bad" ? "error" : "notice",
        texts: texts(params["text"]),
      };
    default:
      return null;
  }
}

/** A record says all of it by itself: nothing before it or after it goes on with it. */
function updatesSaid(message: Fields): Said | null {
  const said = updatesIn(message)
    .map(updateSaid)
    .filter((each) => each !== null);
  const [first] = said;
  if (first === undefined || (said.length === 1 && !isRecorded(message))) return first ?? null;
  const all = said.flatMap((each) => (each.place === "part" ? [each.text] : each.texts));
  const isAside = said.every(({ place }) => place === "aside");
  return { place: isAside ? "aside" : "whole", kind: first.kind, texts: all };
}

function updateSaid(update: Fields): Said | null {
  switch (update["sessionUpdate"]) {
    case "agent_message_chunk":
      return part("agent", update["content"]);
    case "agent_thought_chunk":
      return part("thought", update["content"]);
    case "user_message_chunk":
      return part("user", update["content"]);
    case "tool_call":
      return { place: "whole", kind: "tool", texts: toolTexts(update) };
    case "tool_call_update":
      return { place: "aside", kind: "tool", texts: toolTexts(update) };
    case "plan": {
      const items = list(update["entries"]).map((entry) => text(fields(entry)["content"]));
      return { place: "whole", kind: "plan", texts: items.filter((item) => item !== null) };
    }
    default:
      return null;
  }
}

export function noted(event: TraceEvent): Said | null {
  const payload = fields(event.payload);
  const error = text(payload["error"]) ?? text(fields(payload["error"])["message"]);
  if (error !== null) return { place: "whole", kind: "error", texts: [error] };
  switch (event.type) {
    case "node_started": {
      const names = event.nodeId == null ? [] : [event.nodeId, humanise(event.nodeId)];
      return { place: "whole", kind: "step", texts: [...names, ...texts(payload["statusDetail"])] };
    }
    // What tests are called is found in the outline.
    case "test_result":
      return { place: "whole", kind: "test", texts: [payload["stage"], payload["reason"]].flatMap(texts) };
    case "grader_result": {
      const grounds = list(payload["assertions"]).map(fields);
      const said = grounds.flatMap((ground) => [...texts(ground["text"]), ...texts(ground["evidence"])]);
      return {
        place: "whole",
        kind: "grader",
        texts: [...texts(payload["name"]), ...texts(payload["message"]), ...said],
      };
    }
    case "node_heartbeat":
      return { place: "whole", kind: "step", texts: texts(payload["statusDetail"]) };
    case "action_prepared": {
      const action = fields(payload["action"]);
      const command = [text(action["command"]), ...list(action["args"]).map(text)];
      return { place: "whole", kind: "step", texts: [command.filter((word) => word !== null).join(" ")] };
    }
    default:
      return null;
  }
}

function part(kind: SaidKind, content: unknown): Said | null {
  const said = text(fields(content)["text"]);
  return said === null ? null : { place: "part", kind, text: said };
}

/** A content block's text, or what a link or an embedded file is called. */
function blockTexts(block: unknown): string[] {
  const { name, resource, text: said, title, uri } = fields(block);
  const embedded = fields(resource);
  return [said, title, name, uri, embedded["uri"], embedded["text"]].flatMap(texts);
}

function toolTexts(call: Fields): string[] {
  const found = texts(call["title"]);
  for (const item of list(call["content"])) {
    const { content, newText, oldText, path } = fields(item);
    found.push(...[path, oldText, newText].flatMap(texts), ...blockTexts(content));
  }
  for (const location of list(call["locations"])) found.push(...texts(fields(location)["path"]));
  for (const raw of [call["rawInput"], call["rawOutput"]]) {
    collect(raw, found);
    if (typeof raw === "object" && raw !== null) found.push(JSON.stringify(raw));
  }
  return found;
}

/** All texts in a value that nobody has promised a shape. As a whole it is found as JSON, too. */
function collect(value: unknown, into: string[]): void {
  if (typeof value === "string") into.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (typeof value === "object" && value !== null)
    for (const member of Object.values(value)) collect(member, into);
}

type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

function fields(value: unknown): Fields {
  return isFields(value) ? value : NONE;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function texts(value: unknown): string[] {
  return typeof value === "string" ? [value] : [];
}
