import {
  addUsage,
  NO_USAGE,
  totalTokens,
  type Tokens,
  type Usage,
  usageBeyond,
} from "../../../protocol/usage.ts";
import type { UsageFact } from "../fact.ts";
import { isMore } from "../held-tokens.ts";
import { Circles } from "./circles.ts";
import { type Claim, Claims } from "./claims.ts";
import { keyHash } from "./key-hash.ts";
import { priceOf } from "./pricing.ts";
import type { UsageMoved } from "./usage-moved.ts";

const QUARTER_MS = 15 * 60_000;

/** A session, as far as something counts for it. */
export interface Account {
  readonly source: string;
  readonly provider: string;
  readonly files: Set<number>;
  /** Where its usage is counted. Change it with `Ledger.move`. */
  project: string | null;
  /** Null: to be added up again. */
  usage: Usage | null;
}

/** A file that tells of answers. */
export interface Teller {
  readonly number: number;
  readonly path: string;
  readonly account: Account;
  /** Ms since the epoch: of two that tell the same, the older has it. */
  born: number;
  /** It is not there any more. What it told stays, until another file tells it. */
  isGone: boolean;
  /** Answers that count for it. */
  claims: number;
  /** Some of them it may not hold any more: it is being read anew. */
  isInDoubt: boolean;
}

export interface LedgerEvents {
  readonly moved: (moved: UsageMoved) => void;
  /** A session has other usage for what another's file told. */
  readonly changed: (account: Account) => void;
}

/**
 * Counts every answer once, over all files.
 *
 * What always holds, in whatever order files are read: of two files that tell the same answer it counts
 * for the one that does not call it copied; else for the one that is there; else for the older; and
 * with the most output that any of them told. The sum of all `moved` is what is counted.
 */
export class Ledger {
  readonly #claims = new Claims();
  readonly #tellers: Teller[] = [];
  readonly #models: (string | null)[] = [null];
  readonly #modelNumbers = new Map<string | null, number>([[null, 0]]);
  readonly #events: LedgerEvents;

  readonly #circles = new Circles();
  #given = 0;
  #shifts = 0;

  constructor(events: LedgerEvents) {
    this.#events = events;
  }

  account(source: string, provider: string): Account {
    return { source, provider, files: new Set(), project: null, usage: NO_USAGE };
  }

  teller(account: Account, path: string, born: number): Teller {
    const number = this.#tellers.length;
    const marks = { isGone: false, claims: 0, isInDoubt: false };
    const teller = { number, path, account, born, ...marks };
    this.#tellers.push(teller);
    account.files.add(number);
    return teller;
  }

  /** What is to be told of it as new of the teller's session; null: nothing. */
  tell(teller: Teller, fact: UsageFact): Usage | null {
    const key = this.#keyOf(teller.account, fact.key);
    const row = this.#claims.find(key);
    if (row === -1) return this.#begin(teller, key, fact);
    const before = this.#claims.read(row);
    const grows = isMore(fact.tokens, before.tokens);
    const owner = this.#tellers[before.owner];
    if (owner === undefined) return null;
    if (owner === teller) {
      const isCopied = before.isCopied && fact.isCopied;
      if (isCopied !== before.isCopied)
        this.#claims.give(row, before.owner, before.at, before.model, isCopied);
    } else {
      this.#shifts += 1;
      this.#claims.contest(row);
      this.join(teller, owner.number);
    }
    if (owner !== teller && isBetter(teller, fact.isCopied, owner, before.isCopied)) {
      return this.#takeOver(teller, owner, row, fact, grows);
    }
    if (grows) this.#grow(owner, row, fact.tokens);
    if (grows && owner.account !== teller.account) this.#events.changed(owner.account);
    if (owner !== teller) return null;
    this.#claims.see(row);
    return this.#news(row, usageOf(before));
  }

  /** As far as is known by now. */
  isOwn(account: Account, key: string): boolean {
    const row = this.#claims.find(this.#keyOf(account, key));
    return row === -1 || account.files.has(this.#claims.ownerOf(row));
  }

  /** What an answer is counted with for it that others tell as well; null: nobody else does, or it counts for another. */
  sharedUsage(account: Account, key: string): Usage | null {
    const row = this.#claims.find(this.#keyOf(account, key));
    if (row === -1 || !account.files.has(this.#claims.ownerOf(row))) return null;
    return this.#claims.read(row).isContested ? this.#claims.usageOf(row) : null;
  }

  /** Does anything count for it that others tell as well? */
  isContested(account: Account): boolean {
    for (const row of this.#claims.rowsOf(account.files)) {
      if (this.#claims.read(row).isContested) return true;
    }
    return false;
  }

  usageOf(account: Account): Usage {
    if (account.usage !== null) return account.usage;
    let usage = NO_USAGE;
    for (const row of this.#claims.rowsOf(account.files)) usage = addUsage(usage, this.#claims.usageOf(row));
    account.usage = usage;
    return usage;
  }

  /** The project, where nothing was counted yet. */
  settle(account: Account, project: string): void {
    if (account.usage === NO_USAGE) account.project = project;
  }

  /** Its usage is counted for another project. */
  move(account: Account, project: string | null): void {
    if (project === account.project) return;
    const before = account.project;
    account.project = project;
    // Nothing was counted yet.
    if (account.usage === NO_USAGE) return;
    for (const row of this.#claims.rowsOf(account.files)) {
      const usage = this.#claims.usageOf(row);
      const { at, model } = this.#claims.read(row);
      const moved = { source: account.source, model: this.#models[model] ?? null, at };
      this.#events.moved({ ...moved, project: before, usage: usageBeyond(NO_USAGE, usage) });
      this.#events.moved({ ...moved, project, usage });
    }
  }

  /** A file is read from its start again: see `endAnew`. */
  beginAnew(teller: Teller): void {
    teller.isInDoubt = teller.claims > 0;
    if (teller.isInDoubt) this.#claims.unsee(teller.number);
  }

  /** What it did not tell this time it no longer holds. True: other files may hold it, which are to be read anew. */
  endAnew(teller: Teller): boolean {
    if (!teller.isInDoubt) return false;
    teller.isInDoubt = false;
    return this.#takeBack(teller, (row) => !this.#claims.isSeen(row));
  }

  /** The file was written anew: what it told is not counted. True: other files are to be read anew. */
  takeBack(teller: Teller): boolean {
    return this.#takeBack(teller, () => true);
  }

  /** Another number: answers count for other files than before, or for none, or files are found to repeat others. */
  get given(): number {
    return this.#given;
  }

  /** Another number: `isOwn` may say something else of some answer. */
  get shifts(): number {
    return this.#shifts;
  }

  /** Names those that told the same, over any others; null: nobody told what it did. */
  circleOf({ number }: Teller): number | null {
    return this.#circles.of(number);
  }

  /** It has told what the other told as well. */
  join({ number }: Teller, other: number): void {
    if (this.#circles.meet(number, other)) this.#given += 1;
  }

  /** For the cache. Of each teller its claims. */
  claims(): ReadonlyMap<number, readonly number[]> {
    const byOwner = new Map<number, number[]>();
    for (let row = 0; row < this.#claims.size; row += 1) {
      const owner = this.#claims.ownerOf(row);
      if (owner === -1) continue;
      const rows = byOwner.get(owner);
      if (rows === undefined) byOwner.set(owner, [row]);
      else rows.push(row);
    }
    return byOwner;
  }

  read(row: number): Claim {
    return this.#claims.read(row);
  }

  get models(): readonly (string | null)[] {
    return this.#models;
  }

  modelNumber(model: string | null): number {
    const known = this.#modelNumbers.get(model);
    if (known !== undefined) return known;
    // Past all that could be: nobody has so many models, but a file may say so.
    if (this.#models.length === 2 ** 16) return 0;
    this.#models.push(model);
    this.#modelNumbers.set(model, this.#models.length - 1);
    return this.#models.length - 1;
  }

  /**
   * From the cache. What somebody else told by now stays theirs. Answers of one quarter of an hour are told as
   * one, but for those after `exactFrom`: there are many.
   */
  adopt(teller: Teller, claims: Iterable<Omit<Claim, "owner">>, exactFrom: number): void {
    const { account } = teller;
    const sums = new Map<string, { readonly at: number; readonly model: number; usage: Usage }>();
    for (const claim of claims) {
      if (this.#claims.find(claim.key) !== -1) continue;
      this.#claims.put({ ...claim, owner: teller.number });
      teller.claims += 1;
      const at = claim.at < exactFrom ? Math.floor(claim.at / QUARTER_MS) * QUARTER_MS : claim.at;
      const key = `${at} ${claim.model}`;
      const usage = usageOf(claim);
      const sum = sums.get(key);
      if (sum === undefined) sums.set(key, { at, model: claim.model, usage });
      else sum.usage = addUsage(sum.usage, usage);
    }
    for (const { at, model, usage } of sums.values()) {
      if (account.usage !== null) account.usage = addUsage(account.usage, usage);
      const { project, source } = account;
      this.#events.moved({ source, project, model: this.#models[model] ?? null, at, usage });
    }
  }

  #begin(teller: Teller, key: number, fact: UsageFact): Usage {
    const { at, isCopied, model, tokens } = fact;
    const known = this.#claims.size;
    const row = this.#claims.put({
      key,
      owner: teller.number,
      at,
      model: this.modelNumber(model),
      tokens,
      cost: null,
      isCopied,
      isContested: false,
    });
    teller.claims += 1;
    // It counted for nobody since it was taken back from another.
    if (row < known) this.#shifts += 1;
    // Of the tokens as they are held, which are whole.
    const held = this.#claims.tokensOf(row);
    this.#claims.setTokens(row, held, priceOf(teller.account.provider, model, held, at));
    this.#claims.see(row);
    this.#claims.tell(row);
    const usage = this.#claims.usageOf(row);
    this.#moved(teller, row, usage);
    return usage;
  }

  #takeOver(teller: Teller, owner: Teller, row: number, fact: UsageFact, grows: boolean): Usage | null {
    const before = this.#claims.usageOf(row);
    this.#moved(owner, row, usageBeyond(NO_USAGE, before));
    this.#given += 1;
    owner.claims -= 1;
    teller.claims += 1;
    this.#claims.give(row, teller.number, fact.at, this.modelNumber(fact.model), fact.isCopied);
    this.#price(row, grows ? fact.tokens : before, teller);
    this.#claims.see(row);
    this.#moved(teller, row, this.#claims.usageOf(row));
    owner.account.usage = null;
    if (owner.account !== teller.account) this.#events.changed(owner.account);
    return this.#news(row, before);
  }

  #grow(owner: Teller, row: number, tokens: Tokens): void {
    const before = this.#claims.usageOf(row);
    this.#price(row, tokens, owner);
    this.#moved(owner, row, usageBeyond(this.#claims.usageOf(row), before));
  }

  #price(row: number, tokens: Tokens, owner: Teller): void {
    this.#claims.setTokens(row, tokens, null);
    const { at, model, tokens: held } = this.#claims.read(row);
    const name = this.#models[model] ?? null;
    this.#claims.setTokens(row, held, priceOf(owner.account.provider, name, held, at));
  }

  /** All of it where it was not told before; null where there is nothing new. */
  #news(row: number, before: Usage): Usage | null {
    const usage = this.#claims.usageOf(row);
    if (!this.#claims.tell(row)) return usage;
    const beyond = usageBeyond(usage, before);
    return totalTokens(beyond) === 0 ? null : beyond;
  }

  #takeBack(teller: Teller, isTaken: (row: number) => boolean): boolean {
    if (teller.claims === 0) return false;
    let isContested = false;
    for (const row of this.#claims.rowsOf(new Set([teller.number]))) {
      if (!isTaken(row)) continue;
      isContested ||= this.#claims.read(row).isContested;
      this.#moved(teller, row, usageBeyond(NO_USAGE, this.#claims.usageOf(row)));
      this.#claims.free(row);
      teller.claims -= 1;
      this.#given += 1;
      this.#shifts += 1;
    }
    teller.account.usage = null;
    return isContested;
  }

  #moved({ account }: Teller, row: number, usage: Usage): void {
    if (account.usage !== null) account.usage = addUsage(account.usage, usage);
    const { at, model } = this.#claims.read(row);
    const { project, source } = account;
    this.#events.moved({ source, project, model: this.#models[model] ?? null, at, usage });
  }

  #keyOf({ source }: Account, key: string): number {
    return keyHash(`${source} ${key}`);
  }
}

function usageOf({ cost, tokens }: Pick<Claim, "cost" | "tokens">): Usage {
  return { ...tokens, costUsd: cost, unpricedTokens: cost === null ? totalTokens(tokens) : 0 };
}

function isBetter(left: Teller, leftCopied: boolean, right: Teller, rightCopied: boolean): boolean {
  if (leftCopied !== rightCopied) return !leftCopied;
  if (left.isGone !== right.isGone) return !left.isGone;
  if (left.born !== right.born) return left.born < right.born;
  return left.path < right.path;
}
