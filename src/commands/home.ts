import { homedir } from "node:os";
import { join } from "node:path";

/** Where Runreel keeps what is its own: $RUNREEL_HOME, or ~/.runreel. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  return env["RUNREEL_HOME"] || join(homedir(), ".runreel");
}
