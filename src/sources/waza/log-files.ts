import type { Clock } from "../../clock.ts";
import { LogFile } from "./log-file.ts";
import type { WazaSession } from "./session.ts";

/** Of so many logs the tests are held for who asks next. */
const MOST_WHOLE = 4;

/** All logs that anybody reads. What always holds: of one file there is one, for as long as somebody has it. */
export class LogFiles {
  readonly #clock: Clock;
  readonly #files = new Map<string, WeakRef<LogFile>>();
  readonly #left = new FinalizationRegistry<string>((key) => {
    if (this.#files.get(key)?.deref() === undefined) this.#files.delete(key);
  });
  /** Asked for whole, the latest first. */
  #whole: LogFile[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  at(dir: string, name: string): LogFile {
    const key = `${dir}\0${name}`;
    const known = this.#files.get(key)?.deref();
    if (known !== undefined) return known;
    const file = new LogFile(dir, name, this.#clock);
    this.#files.set(key, new WeakRef(file));
    this.#left.register(file, key);
    return file;
  }

  sessionsOf(dir: string, name: string): Promise<readonly WazaSession[]> {
    const file = this.at(dir, name);
    this.#whole = [file, ...this.#whole.filter((each) => each !== file)];
    for (const old of this.#whole.splice(MOST_WHOLE)) old.rest();
    return file.whole();
  }
}
