/** What spec files and their folders are mostly called; it tells no evaluation from another. */
const COMMON = new Set(["eval", "evals", "evaluation", "evaluations", "waza", "tests", "."]);

/** An evaluation's name from the path of its spec: the part nearest to the file that tells it from others. */
export function specName(path: string): string {
  const parts = path.split(/[/\\]+/).filter((part) => part !== "");
  const file = parts.pop()?.replace(/\.(?:ya?ml|json)$/i, "") ?? "";
  const names = [file, ...parts.toReversed()];
  return (
    names.find((name) => name !== "" && !COMMON.has(name.toLowerCase())) ??
    (file === "" ? "evaluation" : file)
  );
}

/** A name with its model, which alone tells apart the runs of one evaluation. */
export function titleOf(name: string, model: string): string {
  return model === "" ? name : `${name} · ${model}`;
}
