import { isAbsolute, relative } from "node:path";
import { onOneLine } from "../plain-text.ts";
import { toolKind } from "../tool-kind.ts";
import { fieldsOf, stringOf } from "./records.ts";

/** A tool's name, and what it is given, as a person reads them. */
export interface Tool {
  readonly kind: string;
  /** One line. */
  readonly title: string;
  /** The file it is about. */
  readonly path: string | null;
  /** Nothing goes on until a person answers. */
  readonly asks: boolean;
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ["AskUserQuestion", "other"],
  ["ExitPlanMode", "switch_mode"],
  ["EnterPlanMode", "switch_mode"],
  ["LS", "read"],
  ["BashOutput", "execute"],
  ["KillShell", "execute"],
  ["KillBash", "execute"],
  ["TaskOutput", "execute"],
  ["TaskStop", "execute"],
]);
const ASKING = new Set(["AskUserQuestion", "ExitPlanMode"]);
const TITLE_CHARS = 200;

export function toolOf(name: string, input: unknown, cwd: string | null): Tool {
  const given = fieldsOf(input);
  const path = stringOf(given["file_path"]) ?? stringOf(given["notebook_path"]);
  const title = onOneLine(titleOf(name, given, (each) => shown(each, cwd))).trim();
  return {
    kind: KINDS.get(name) ?? toolKind(name),
    title: title.length > TITLE_CHARS ? `${title.slice(0, TITLE_CHARS)}…` : title,
    path,
    asks: ASKING.has(name),
  };
}

type Given = Readonly<Record<string, unknown>>;

function titleOf(name: string, given: Given, show: (path: string) => string): string {
  const say = (key: string) => stringOf(given[key]);
  const named = (what: string | null) => (what === null || what === "" ? name : `${name} ${what}`);
  const path = say("file_path") ?? say("notebook_path");
  if (path !== null) return named(show(path));
  switch (name) {
    case "Bash":
    case "PowerShell":
      return say("command") ?? name;
    case "Grep":
    case "Glob": {
      const where = say("path") ?? say("glob");
      return named(say("pattern")) + (where === null ? "" : ` in ${show(where)}`);
    }
    case "LS":
      return named(show(say("path") ?? ""));
    case "Task":
    case "Agent":
      return say("description") ?? say("subagent_type") ?? name;
    case "AskUserQuestion": {
      const asked: readonly unknown[] = Array.isArray(given["questions"]) ? given["questions"] : [];
      return stringOf(fieldsOf(asked[0])["question"]) ?? say("question") ?? "A question";
    }
    case "ExitPlanMode":
      return "Approve the plan";
    case "Skill":
      return `${named(say("skill") ?? say("command"))} ${say("args") ?? ""}`;
    case "TaskUpdate":
      return [name, say("taskId"), say("status")].filter(Boolean).join(" ");
    default: {
      const [, server, tool] = /^mcp__(.+?)__(.+)$/.exec(name) ?? [];
      if (server !== undefined && tool !== undefined) return `${server}: ${tool}`;
      return named(say("subject") ?? say("url") ?? say("query") ?? say("description"));
    }
  }
}

/** As it is called from the folder that is worked in, where it lies in it. */
function shown(path: string, cwd: string | null): string {
  if (cwd === null || cwd === "" || !isAbsolute(path)) return path;
  const inside = relative(cwd, path);
  return inside === "" || inside.startsWith("..") ? path : inside;
}
