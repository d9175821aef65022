import { OutsideRunError } from "../bundle-file.ts";
import { hasCode } from "../file-errors.ts";

/** Is the file one that may not be read, or none of the folder's? That is no fault of the viewer's. */
export function isRefused(error: unknown): boolean {
  return error instanceof OutsideRunError || hasCode(error, "EACCES") || hasCode(error, "EPERM");
}
