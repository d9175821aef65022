import { fieldsOf, stringOf } from "./records.ts";

/** A change of a file, as ACP has it. */
interface Diff {
  readonly type: "diff";
  readonly path: string;
  readonly oldText: string | null;
  readonly newText: string;
}

/** What a call of an editing tool is about to change. */
export function diffsAsked(input: unknown): readonly Diff[] {
  const given = fieldsOf(input);
  const path = stringOf(given["file_path"]) ?? stringOf(given["notebook_path"]);
  if (path === null) return [];
  const edits: readonly unknown[] = Array.isArray(given["edits"]) ? given["edits"] : [given];
  const changes = edits.flatMap((edit) => {
    const { new_string, old_string } = fieldsOf(edit);
    return diff(path, stringOf(old_string), stringOf(new_string));
  });
  if (changes.length > 0) return changes;
  return diff(path, null, stringOf(given["content"]) ?? stringOf(given["new_source"]));
}

/** What an editing tool says that it changed. Of a file written anew it knows what was there. */
export function diffsDone(result: unknown): readonly Diff[] {
  const done = fieldsOf(result);
  const path = stringOf(done["filePath"]);
  if (path === null) return [];
  const edits: readonly unknown[] = Array.isArray(done["edits"]) ? done["edits"] : [done];
  const changes = edits.flatMap((edit) => {
    const each = fieldsOf(edit);
    const before = stringOf(each["oldString"]) ?? stringOf(each["old_string"]);
    return diff(path, before, stringOf(each["newString"]) ?? stringOf(each["new_string"]));
  });
  if (changes.length > 0) return changes;
  return diff(path, stringOf(done["originalFile"]), stringOf(done["content"]));
}

function diff(path: string, oldText: string | null, newText: string | null): Diff[] {
  return newText === null ? [] : [{ type: "diff", path, oldText, newText }];
}
