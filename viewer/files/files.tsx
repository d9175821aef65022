import { Opened } from "./opened.tsx";
import { FileList } from "./file-list.tsx";
import { openedFile } from "./shown.ts";

/** The files that the run had named by the playhead, or one of them. */
export function Files() {
  const file = openedFile.value;
  return file === null ? <FileList /> : <Opened key={file.path} file={file} />;
}
