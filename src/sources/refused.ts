import { OutsideRunError } from "./bundle-file.ts";
import { hasCode } from "./file-errors.ts";

/** Is the file one that may not be read, or none of the run's? That is no fault of the viewer's. */
export function isRefused(error: unknown): boolean {
  return error instanceof OutsideRunError || hasCode(error, "EACCES") || hasCode(error, "EPERM");
}

/** Why it was, for the run's problems. */
export function refusalOf(error: unknown): string {
  return error instanceof OutsideRunError ? error.message : "It may not be read.";
}
