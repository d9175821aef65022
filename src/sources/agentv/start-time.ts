/** A run's folder is named for its start: 2026-01-02T03-04-05-678Z. */
const STAMP = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z/;

/** Null where the folder was given another name. */
export function startOf(name: string): string | null {
  const [, day, hours, minutes, seconds, ms] = STAMP.exec(name) ?? [];
  if (day === undefined) return null;
  const start = `${day}T${hours}:${minutes}:${seconds}.${ms}Z`;
  return Number.isNaN(Date.parse(start)) ? null : start;
}
