import { NO_USAGE, type Tokens, totalTokens, type Usage } from "../../../protocol/usage.ts";
import { heldTokens } from "../held-tokens.ts";
import { KeyTable } from "./key-table.ts";

const FIRST_CLAIMS = 1_024;
const NOBODY = -1;

const COPIED = 1;
const TOLD = 2;
const CONTESTED = 4;
const SEEN = 8;

/** An answer as it is counted. */
export interface Claim {
  readonly key: number;
  /** The number of the file that it counts for. */
  readonly owner: number;
  readonly at: number;
  /** The model's number. */
  readonly model: number;
  readonly tokens: Tokens;
  readonly cost: number | null;
  /** The owner itself says that it was copied. */
  readonly isCopied: boolean;
  /** Other files tell it too. */
  readonly isContested: boolean;
}

/** The answers that were counted, each once, in columns: half a million take 40 MB. Rows are numbers. */
export class Claims {
  readonly #table = new KeyTable();
  #owner = new Int32Array(FIRST_CLAIMS);
  #flags = new Uint8Array(FIRST_CLAIMS);
  #model = new Uint16Array(FIRST_CLAIMS);
  #at = new Float64Array(FIRST_CLAIMS);
  #cost = new Float64Array(FIRST_CLAIMS);
  #tokens = new Uint32Array(5 * FIRST_CLAIMS);

  get size(): number {
    return this.#table.size;
  }

  /** -1 where nobody counts the answer. */
  find(key: number): number {
    const row = this.#table.numberOf(key);
    return row !== -1 && this.#owner[row] === NOBODY ? -1 : row;
  }

  put(claim: Claim): number {
    const row = this.#table.add(claim.key);
    if (row >= this.#owner.length) this.#grow();
    this.#owner[row] = claim.owner;
    this.#model[row] = claim.model;
    this.#at[row] = claim.at;
    this.#flags[row] = (claim.isCopied ? COPIED : 0) | (claim.isContested ? CONTESTED : 0);
    this.setTokens(row, claim.tokens, claim.cost);
    return row;
  }

  /** It stays told, seen and contested, where it was. */
  give(row: number, owner: number, at: number, model: number, isCopied: boolean): void {
    this.#owner[row] = owner;
    this.#at[row] = at;
    this.#model[row] = model;
    this.#flags[row] = ((this.#flags[row] ?? 0) & ~COPIED) | (isCopied ? COPIED : 0);
  }

  /** Nobody counts it until it is told again. */
  free(row: number): void {
    this.#owner[row] = NOBODY;
  }

  setTokens(row: number, tokens: Tokens, cost: number | null): void {
    const first = 5 * row;
    const held = heldTokens(tokens);
    this.#tokens[first] = held.inputTokens;
    this.#tokens[first + 1] = held.cacheReadTokens;
    this.#tokens[first + 2] = held.cacheWriteTokens;
    this.#tokens[first + 3] = held.cacheWrite1hTokens;
    this.#tokens[first + 4] = held.outputTokens;
    this.#cost[row] = cost ?? Number.NaN;
  }

  read(row: number): Claim {
    return {
      key: this.#table.keyOf(row),
      owner: this.ownerOf(row),
      at: this.#at[row] ?? 0,
      model: this.#model[row] ?? 0,
      tokens: this.tokensOf(row),
      cost: this.#costOf(row),
      isCopied: this.#has(row, COPIED),
      isContested: this.#has(row, CONTESTED),
    };
  }

  ownerOf(row: number): number {
    return this.#owner[row] ?? NOBODY;
  }

  tokensOf(row: number): Tokens {
    // Written out: it is asked for every answer there is.
    const first = 5 * row;
    return {
      inputTokens: this.#tokens[first] ?? 0,
      cacheReadTokens: this.#tokens[first + 1] ?? 0,
      cacheWriteTokens: this.#tokens[first + 2] ?? 0,
      cacheWrite1hTokens: this.#tokens[first + 3] ?? 0,
      outputTokens: this.#tokens[first + 4] ?? 0,
    };
  }

  usageOf(row: number): Usage {
    if (this.ownerOf(row) === NOBODY) return NO_USAGE;
    const tokens = this.tokensOf(row);
    const costUsd = this.#costOf(row);
    return { ...tokens, costUsd, unpricedTokens: costUsd === null ? totalTokens(tokens) : 0 };
  }

  /** Was it told to those who listen, since this program began? It is from now on. */
  tell(row: number): boolean {
    return this.#raise(row, TOLD);
  }

  contest(row: number): void {
    this.#raise(row, CONTESTED);
  }

  see(row: number): void {
    this.#raise(row, SEEN);
  }

  /** Nothing of the file was seen yet, from now on. */
  unsee(owner: number): void {
    for (let row = 0; row < this.size; row += 1) {
      if (this.#owner[row] === owner) this.#flags[row] = (this.#flags[row] ?? 0) & ~SEEN;
    }
  }

  isSeen(row: number): boolean {
    return this.#has(row, SEEN);
  }

  /** The rows that count for one of these files. A pass over all of them: a millisecond for half a million. */
  *rowsOf(owners: ReadonlySet<number>): Generator<number> {
    for (let row = 0; row < this.size; row += 1) {
      const owner = this.#owner[row] ?? NOBODY;
      if (owner !== NOBODY && owners.has(owner)) yield row;
    }
  }

  #costOf(row: number): number | null {
    const cost = this.#cost[row] ?? Number.NaN;
    return Number.isNaN(cost) ? null : cost;
  }

  #has(row: number, flag: number): boolean {
    return ((this.#flags[row] ?? 0) & flag) !== 0;
  }

  #raise(row: number, flag: number): boolean {
    const before = this.#flags[row] ?? 0;
    this.#flags[row] = before | flag;
    return (before & flag) !== 0;
  }

  #grow(): void {
    const length = 2 * this.#owner.length;
    const grown = {
      owner: new Int32Array(length),
      flags: new Uint8Array(length),
      model: new Uint16Array(length),
    };
    grown.owner.set(this.#owner);
    grown.flags.set(this.#flags);
    grown.model.set(this.#model);
    this.#owner = grown.owner;
    this.#flags = grown.flags;
    this.#model = grown.model;
    this.#at = longer(this.#at, length);
    this.#cost = longer(this.#cost, length);
    const tokens = new Uint32Array(5 * length);
    tokens.set(this.#tokens);
    this.#tokens = tokens;
  }
}

function longer(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(length);
  grown.set(column);
  return grown;
}
