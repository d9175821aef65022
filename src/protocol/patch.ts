import { Log } from "./log.ts";
import { isSafeKey, parseIndex, parsePointer } from "./pointer.ts";

/**
 * JSON Patch (RFC 6902) plus `append`, applied with copy-on-write along the path.
 *
 * `append` to a string concatenates; to an array or a log it adds the value as
 * ONE element. Its target must exist.
 *
 * What always holds: the given state is never changed; the result shares every
 * part that no op touched; the server and the page run this same function, so
 * the same ops give both the same state. The first op that fails throws a
 * PatchError and nothing of the patch is applied.
 */
export type PatchOp =
  | { readonly op: "add"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "move"; readonly from: string; readonly path: string }
  | { readonly op: "copy"; readonly from: string; readonly path: string }
  | { readonly op: "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "append"; readonly path: string; readonly value: unknown };

/** Names the op that could not be applied. `index` is its place in the patch. */
export class PatchError extends Error {
  override readonly name = "PatchError";
  readonly index: number;
  constructor(message: string, index: number) {
    super(message);
    this.index = index;
  }
}

/**
 * Gives a value that enters the state at `path` its in-memory form (see
 * `reviveRun`: arrays that are logs become Logs). The default keeps it.
 */
export type Revive = (path: readonly string[], value: unknown) => unknown;

const keep: Revive = (_path, value) => value;

export function applyPatch<State>(state: State, ops: readonly PatchOp[], revive: Revive = keep): State {
  let next: unknown = state;
  for (const [index, op] of ops.entries()) {
    try {
      next = applyOp(next, op, revive);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new PatchError(`op ${index} (${op.op} ${JSON.stringify(op.path)}): ${reason}`, index);
    }
  }
  // The one assertion of this file: ops keep the shape the sender's schema promises.
  return next as State;
}

function applyOp(doc: unknown, op: PatchOp, revive: Revive): unknown {
  const path = safeTokens(op.path);
  switch (op.op) {
    case "add":
      return insert(doc, path, revive(path, required(op.value)));
    case "remove":
      return remove(doc, path);
    case "replace":
      return replace(doc, path, revive(path, required(op.value)));
    case "copy":
      return insert(doc, path, read(doc, safeTokens(op.from)));
    case "move": {
      const from = safeTokens(op.from);
      if (path.length > from.length && from.every((token, depth) => token === path[depth])) {
        throw new Error("a value cannot be moved into itself");
      }
      const value = read(doc, from);
      if (from.length === path.length && from.every((token, depth) => token === path[depth])) return doc;
      return insert(remove(doc, from), path, value);
    }
    case "test":
      if (!sameJson(read(doc, path), required(op.value))) throw new Error("the value differs");
      return doc;
    case "append":
      return update(doc, path, 0, (target) => appendTo(target, required(op.value)));
    default:
      return refuseOp(op);
  }
}

function refuseOp(op: never): never {
  throw new Error(`unknown op in ${JSON.stringify(op)}`);
}

function required(value: unknown): unknown {
  if (value === undefined) throw new Error("the op has no value");
  return value;
}

function safeTokens(pointer: unknown): string[] {
  if (typeof pointer !== "string") throw new Error("the op has no path");
  const tokens = parsePointer(pointer);
  for (const token of tokens)
    if (!isSafeKey(token)) throw new Error(`the key ${JSON.stringify(token)} is refused`);
  return tokens;
}

function appendTo(target: unknown, value: unknown): unknown {
  if (target instanceof Log) return target.append(value);
  if (isArray(target)) return [...target, value];
  if (typeof target !== "string") throw new Error("append needs a string or an array");
  if (typeof value !== "string") throw new Error("a string can only be appended to with a string");
  return target + value;
}

function insert(doc: unknown, path: readonly string[], value: unknown): unknown {
  const key = path.at(-1);
  if (key === undefined) return value;
  return update(doc, path.slice(0, -1), 0, (parent) => {
    if (parent instanceof Log) {
      if (key !== "-" && parseIndex(key) !== parent.length) throw new Error("a log only grows at its end");
      return parent.append(value);
    }
    if (isArray(parent)) {
      const index = key === "-" ? parent.length : parseIndex(key);
      if (index === undefined || index > parent.length)
        throw new Error(`no place ${JSON.stringify(key)} in the array`);
      return parent.toSpliced(index, 0, value);
    }
    if (isRecord(parent)) return { ...parent, [key]: value };
    throw new Error("the parent is neither an object nor an array");
  });
}

function remove(doc: unknown, path: readonly string[]): unknown {
  const key = path.at(-1);
  if (key === undefined) throw new Error("the whole document cannot be removed");
  return update(doc, path.slice(0, -1), 0, (parent) => {
    if (parent instanceof Log) throw new Error("a log only grows");
    child(parent, key);
    if (isArray(parent)) return parent.toSpliced(Number(key), 1);
    const { [key]: _removed, ...rest } = asRecord(parent);
    return rest;
  });
}

function replace(doc: unknown, path: readonly string[], value: unknown): unknown {
  return update(doc, path, 0, () => value);
}

function read(doc: unknown, path: readonly string[]): unknown {
  let node = doc;
  for (const token of path) node = child(node, token);
  return node;
}

/** Rebuilds the spine from the root to `path` around what `edit` makes of the value there. */
function update(
  node: unknown,
  path: readonly string[],
  depth: number,
  edit: (value: unknown) => unknown,
): unknown {
  const token = path[depth];
  if (token === undefined) return edit(node);
  const before = child(node, token);
  const after = update(before, path, depth + 1, edit);
  if (after === before) return node;
  if (node instanceof Log) return node.with(Number(token), after);
  if (isArray(node)) return node.with(Number(token), after);
  return { ...asRecord(node), [token]: after };
}

function child(node: unknown, token: string): unknown {
  if (node instanceof Log || Array.isArray(node)) {
    const index = parseIndex(token);
    if (index === undefined || index >= node.length) throw new Error(`no element ${JSON.stringify(token)}`);
    return node.at(index);
  }
  if (isRecord(node) && Object.hasOwn(node, token)) return node[token];
  throw new Error(`no member ${JSON.stringify(token)}`);
}

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Log);
}

function asRecord(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) throw new Error("not an object");
  return value;
}

/** Equality of JSON values (RFC 6902, 4.6): key order does not matter. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (left instanceof Log) return sameJson(left.toJSON(), right);
  if (right instanceof Log) return sameJson(left, right.toJSON());
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameJson(item, right[index]));
  }
  if (isRecord(left) && isRecord(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
    );
  }
  return false;
}
