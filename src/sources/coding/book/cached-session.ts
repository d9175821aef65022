import { MAIN_SESSION } from "../../../protocol/turn-lines.ts";
import type { CodingFormat } from "../format.ts";
import type { BookFile } from "./book-file.ts";
import { BookSession } from "./book-session.ts";
import type { CachedSession } from "./cache-file.ts";
import type { Ledger } from "./ledger.ts";
import { packClaims, unpackClaims } from "./packed-claims.ts";

/** Answers of the last hours are told by their own times. */
const EXACT_MS = 2 * 60 * 60_000;

/** `rowsOf`: of a file by its number, what counts for it. */
export function cacheSession(
  session: BookSession,
  ledger: Ledger,
  rowsOf: (file: number) => readonly number[],
): CachedSession {
  const models: (string | null)[] = [];
  const files = session.files.map((file) => {
    const claims = rowsOf(file.teller.number).map((row) => {
      const claim = ledger.read(row);
      return { ...claim, model: numberIn(models, ledger.models[claim.model] ?? null) };
    });
    const { inode, newestAt, offset, stamp, teller } = file;
    const { born, path } = teller;
    return {
      path,
      session: file.session,
      stamp,
      inode,
      offset,
      born,
      newestAt,
      circle: ledger.circleOf(teller),
      claims: packClaims(claims),
    };
  });
  const { account, base, format, isGone, modifiedAt, place } = session;
  return { place, type: format.type, modifiedAt, project: account.project, isGone, base, models, files };
}

/**
 * The session as it was, all that it counts for counted. Null: it is not one that could have been written.
 * `circles`: of each that was met before, one that is of it now.
 */
export function restoreSession(
  cached: CachedSession,
  format: CodingFormat,
  ledger: Ledger,
  circles: Map<number, number>,
): BookSession | null {
  const [main, ...agents] = cached.files;
  if (main === undefined || main.session !== MAIN_SESSION || main.path !== cached.place) return null;
  const session = new BookSession(cached.place, format, ledger, main.born);
  session.base = cached.base;
  session.modifiedAt = cached.modifiedAt;
  session.isWhole = true;
  session.isGone = cached.isGone;
  session.account.project = cached.project;
  restoreFile(session.main, main, cached, ledger, circles);
  for (const agent of agents) {
    restoreFile(session.addAgent(agent.path, agent.session, agent.born), agent, cached, ledger, circles);
  }
  return session;
}

function restoreFile(
  file: BookFile,
  cached: CachedSession["files"][number],
  { isGone, models }: CachedSession,
  ledger: Ledger,
  circles: Map<number, number>,
): void {
  file.stamp = cached.stamp;
  file.inode = cached.inode;
  file.offset = cached.offset;
  file.newestAt = cached.newestAt;
  if (cached.circle !== null) {
    const met = circles.get(cached.circle) ?? file.teller.number;
    circles.set(cached.circle, met);
    ledger.join(file.teller, met);
  }
  file.teller.isGone = isGone;
  const numbers = models.map((model) => ledger.modelNumber(model));
  const claims = unpackClaims(cached.claims) ?? [];
  const numbered = claims.map((claim) => ({ ...claim, model: numbers[claim.model] ?? 0 }));
  ledger.adopt(file.teller, numbered, Date.now() - EXACT_MS);
}

function numberIn(models: (string | null)[], model: string | null): number {
  const known = models.indexOf(model);
  return known === -1 ? models.push(model) - 1 : known;
}
