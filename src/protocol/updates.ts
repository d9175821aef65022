/**
 * The updates that a `session/update` carries. ACP has one in each; a source whose records say several
 * things at once puts what follows the first into `params.more`, so that a record stays one line of the log.
 */
export function updatesIn(message: Readonly<Record<string, unknown>>): readonly Fields[] {
  const { more, update } = fields(message["params"]);
  const first = fields(update);
  return Array.isArray(more) ? [first, ...more.map(fields)] : [first];
}

/** A line that says something about the session: {text, tone: "quiet" or "bad"}. */
export const NOTICE = "runreel/notice";
/**
 * A record that says nothing to the conversation: {type, record}. With `given` it holds what the person said as the
 * model was given it, which counts where it is told nowhere else.
 */
export const RECORD = "runreel/record";

/**
 * Does this line say whole blocks? A record of a transcript does: what follows it of the same kind does not go
 * on with it, as a part of a message that is streamed would.
 */
export function isRecorded(message: Readonly<Record<string, unknown>>): boolean {
  return fields(fields(message["params"])["_meta"])["runreel"] !== undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : NONE;
}
