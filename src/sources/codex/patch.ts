/** The text that `apply_patch` is given, as changes of files. What cannot be read is no change. */
export interface FileChange {
  readonly path: string;
  /** Null: the file is new. */
  readonly oldText: string | null;
  readonly newText: string;
  readonly isDeleted: boolean;
}

interface PatchedFile {
  readonly kind: string;
  readonly path: string;
}

const FILE = /^\*\*\* (Add|Update|Delete) File: (.+)$/;
const MOVED = /^\*\*\* Move to: (.+)$/;

/** A change for each place of a file: its lines before and after, with the lines around them. */
export function patchChanges(text: string): FileChange[] {
  const changes: FileChange[] = [];
  let file: PatchedFile | null = null;
  let before: string[] = [];
  let after: string[] = [];
  const close = () => {
    if (file !== null && file.kind !== "Delete" && before.length + after.length > 0) {
      const oldText = file.kind === "Add" ? null : joined(before);
      changes.push({ path: file.path, oldText, newText: joined(after), isDeleted: false });
    }
    before = [];
    after = [];
  };
  for (const raw of text.split("\n")) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    const [, kind, path] = FILE.exec(line) ?? [];
    const [, moved] = MOVED.exec(line) ?? [];
    if (kind !== undefined && path !== undefined) {
      close();
      file = { kind, path: path.trim() };
      if (kind === "Delete") changes.push({ path: file.path, oldText: "", newText: "", isDeleted: true });
    } else if (moved !== undefined && file !== null) {
      file = { kind: file.kind, path: moved.trim() };
    } else if (line.startsWith("*** ") || line.startsWith("@@")) {
      close();
      if (line.startsWith("*** End Patch")) file = null;
    } else if (file !== null) {
      const rest = raw.slice(1);
      if (raw.startsWith("+")) after.push(rest);
      else if (raw.startsWith("-")) before.push(rest);
      else if (file.kind === "Update") {
        before.push(rest);
        after.push(rest);
      }
    }
  }
  close();
  return changes;
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** The patch in a command that hands one to `apply_patch`; null where there is none. */
export function patchIn(command: string): string | null {
  const start = command.indexOf("*** Begin Patch");
  return start >= 0 && /\bapply_?patch\b/.test(command.slice(0, start)) ? command.slice(start) : null;
}
