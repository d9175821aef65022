import { isAbsolute, relative } from "node:path";
import { onOneLine } from "../plain-text.ts";
import { toolKind } from "../tool-kind.ts";
import { fieldsOf, stringOf } from "./records.ts";

/** What a call does, as a person reads it. */
export interface Tool {
  readonly kind: string;
  /** One line that stands by itself: "Read src/a.ts", "npm test". */
  readonly title: string;
  /** The same beside the tool's name: "src/a.ts"; the name where there is nothing to say. */
  readonly what: string;
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

/** Of these it is plain what they do. */
const PLAIN = new Set(["Bash", "PowerShell", "Task", "Agent", "AskUserQuestion", "ExitPlanMode"]);

export function toolOf(name: string, input: unknown, cwd: string | null): Tool {
  const given = fieldsOf(input);
  const what = line(whatOf(name, given, (path) => shown(path, cwd)));
  const title = PLAIN.has(name) || what === "" ? what : `${calledOf(name)} ${what}`;
  return {
    kind: KINDS.get(name) ?? toolKind(name.slice(0, TITLE_CHARS)),
    title: line(title) || calledOf(name),
    what: what || calledOf(name),
    path: pathOf(given),
    asks: ASKING.has(name),
  };
}

type Given = Readonly<Record<string, unknown>>;

function line(text: string): string {
  const one = onOneLine(text).trim();
  return one.length > TITLE_CHARS ? `${one.slice(0, TITLE_CHARS)}…` : one;
}

/** "mcp__github__list_issues" is "github: list_issues". */
function calledOf(name: string): string {
  const called = line(name);
  const [server, tool] = called.startsWith("mcp__") ? called.slice(5).split("__") : [];
  return server && tool ? `${server}: ${tool}` : called;
}

function pathOf(given: Given): string | null {
  return stringOf(given["file_path"]) ?? stringOf(given["notebook_path"]);
}

function whatOf(name: string, given: Given, show: (path: string) => string): string {
  const say = (...keys: string[]) => {
    const key = keys.find((each) => typeof given[each] === "string");
    return key === undefined ? "" : (stringOf(given[key]) ?? "");
  };
  const path = pathOf(given);
  if (path !== null) return show(path);
  switch (name) {
    case "Bash":
    case "PowerShell":
      return say("command");
    case "Grep":
    case "Glob": {
      const where = say("path", "glob");
      return say("pattern") + (where === "" ? "" : ` in ${show(where)}`);
    }
    case "Task":
    case "Agent":
      return say("description", "subagent_type");
    case "AskUserQuestion": {
      const asked: readonly unknown[] = Array.isArray(given["questions"]) ? given["questions"] : [];
      return stringOf(fieldsOf(asked[0])["question"]) ?? (say("question") || "A question");
    }
    case "ExitPlanMode":
      return "Approve the plan";
    case "Skill":
      return `${say("skill", "command")} ${say("args")}`;
    case "TaskUpdate":
      return `${say("taskId")} ${say("status")}`;
    default:
      return WORTH.map((key) => say(key)).find((each) => each !== "") ?? "";
  }
}

/** Of what any other tool is given, the first of these says most. */
const WORTH = ["subject", "url", "query", "path", "description", "task_id", "bash_id", "shell_id", "name"];

/** As it is called from the folder that is worked in, where it lies in it. */
function shown(path: string, cwd: string | null): string {
  if (cwd === null || cwd === "" || !isAbsolute(path)) return path;
  const inside = relative(cwd, path);
  return inside === "" || inside.startsWith("..") ? path : inside;
}
