/**
 * The updates that a `session/update` carries. ACP has one in each; a source whose records say several
 * things at once puts what follows the first into `params.more`, so that a record stays one line of the log.
 */
export function updatesIn(message: Readonly<Record<string, unknown>>): readonly Fields[] {
  const { more, update } = fields(message["params"]);
  const first = fields(update);
  return Array.isArray(more) ? [first, ...more.map(fields)] : [first];
}

type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : NONE;
}
