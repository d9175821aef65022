/** Runs, steps and text, found by typing. */
export function Find() {
  return null;
}
