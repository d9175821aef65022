import { kindOf } from "../protocol/run-words.ts";
import type { WatchedFolders } from "../store/watched.ts";

/** For a sentence: "/runs, Codex sessions in /home/.codex, and evaluations in /project". */
export function inWords({ runsDirs, sessionDirs = [], workingDir }: WatchedFolders): string {
  const sources = [...new Set(sessionDirs.map(({ source }) => source))];
  const sessions = sources.map((source) => {
    const dirs = sessionDirs.filter((each) => each.source === source).map(({ dir }) => dir);
    return `${kindOf(source)} sessions in ${dirs.join(" and ")}`;
  });
  const others = runsDirs.filter((dir) => dir !== workingDir).join(" and ");
  const here = workingDir === undefined ? "" : `evaluations in ${workingDir}`;
  const all = [others, ...sessions, here].filter((words) => words !== "");
  const last = all.pop() ?? "nothing";
  return all.length === 0 ? last : `${all.join(", ")}, and ${last}`;
}

/** "It watches …": whether it does is said, too. */
export function watchSentence(folders: WatchedFolders): string {
  const words = inWords(folders);
  return folders.watching === "off"
    ? `It shows what was in ${words} when it was started, and watches nothing.`
    : `It watches ${words}.`;
}
