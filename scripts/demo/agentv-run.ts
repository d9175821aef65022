import { appendFile, mkdir, open, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type AgentvTest,
  finalRow,
  liveRow,
  type Row,
  sideFiles,
  stub,
  suiteOf,
  summaryOf,
  targetOf,
} from "./agentv-shapes.ts";

export type { AgentvTest } from "./agentv-shapes.ts";

/** AgentV 4 writes in one way ("A"), AgentV 5 in another ("B"). */
export type AgentvLayout = "A" | "B";

const FILES = {
  A: { summary: "benchmark.json", index: "index.jsonl" },
  B: { summary: "summary.json", index: ".internal/index.jsonl" },
} as const;

export interface AgentvOptions {
  readonly layout?: AgentvLayout;
  /** As --output does: the run's folder has this name, and not that of its start. */
  readonly name?: string;
}

interface Written {
  readonly row: Row;
  readonly test: AgentvTest;
  /** A row of an earlier life of the run, which stays as it is. */
  readonly isOld: boolean;
}

/**
 * Writes an evaluation as AgentV does: a stub at the start, a row as each test ends,
 * and all of it anew, in another form and order, at the end.
 */
export class AgentvRun {
  readonly dir: string;
  readonly runId: string;
  readonly #evalFile: string;
  readonly #planned: number;
  readonly #layout: AgentvLayout;
  readonly #startedAt: Date;
  #rows: Written[] = [];

  /** `root` is a folder of runs: `.agentv/results/runs/<experiment>`, or `.agentv/results` in layout B. */
  constructor(root: string, startedAt: Date, evalFile: string, planned: number, options: AgentvOptions = {}) {
    this.runId = options.name ?? startedAt.toISOString().replaceAll(/[:.]/g, "-");
    this.dir = join(root, this.runId);
    this.#evalFile = evalFile;
    this.#planned = planned;
    this.#layout = options.layout ?? "A";
    this.#startedAt = startedAt;
  }

  get index(): string {
    return join(this.dir, FILES[this.#layout].index);
  }

  get summary(): string {
    return join(this.dir, FILES[this.#layout].summary);
  }

  /** Empties what another run may have left in the folder. */
  async start(): Promise<void> {
    await mkdir(dirname(this.index), { recursive: true });
    if (this.#layout === "A") await writeFile(this.index, "");
    const { runId } = this;
    await writeFile(this.summary, stub(this.#layout, this.#evalFile, this.#startedAt, this.#planned, runId));
  }

  /** `at` is when the test ended. */
  async result(test: AgentvTest, at: Date): Promise<void> {
    const isFirst = this.#rows.length === 0;
    const line = this.line(test, at);
    // A new run's index is begun, an old one's is gone on with.
    if (isFirst) await writeFile(this.index, line);
    else await appendFile(this.index, line);
  }

  /** The line of a result, to be written by who asks for it. */
  line(test: AgentvTest, at: Date): string {
    const row = liveRow(test, at);
    this.#rows.push({ row, test, isOld: false });
    return lineOf(row);
  }

  /** `order` says in which order the tests were defined; without it they stay as they ended. */
  async finish(at: Date, order?: readonly string[]): Promise<void> {
    await this.finishBeside(order);
    await this.writeIndex(this.finalIndex(order));
    if (this.#layout === "A")
      await writeFile(join(this.dir, "timing.json"), JSON.stringify({ ended_at: at.toISOString() }));
    this.#rows = this.#rows.map((written) => ({ ...written, row: this.#final(written), isOld: true }));
  }

  /** All that is written at the end before the index is. */
  async finishBeside(order?: readonly string[]): Promise<void> {
    const rows = this.#inOrder(order);
    for (const { isOld, row, test } of rows) if (!isOld) await this.#writeSideFiles(row, test);
    const counted = [...new Map(rows.map((written) => [keyOf(written.test), written])).values()];
    await writeFile(
      this.summary,
      summaryOf(this.#layout, this.#evalFile, counted, this.#planned, this.runId),
    );
  }

  /** What stands in the index at the end. */
  finalIndex(order?: readonly string[]): string {
    return this.#inOrder(order)
      .map((written) => lineOf(this.#final(written)))
      .join("");
  }

  /** In place, as AgentV does: the file is emptied first, and then filled piece by piece. */
  async writeIndex(
    text: string,
    pause: (cut: number) => Promise<void> = async () => undefined,
  ): Promise<void> {
    const bytes = Buffer.from(text);
    const file = await open(this.index, "r+").catch(async () => open(this.index, "w"));
    try {
      await file.truncate(0);
      await pause(0);
      for (let at = 0; at < bytes.length; at += PIECE) {
        await file.write(bytes, at, Math.min(PIECE, bytes.length - at), at);
        await pause(at + PIECE);
      }
    } finally {
      await file.close();
    }
  }

  /** The run goes on, as with --resume and --rerun-failed: rows that are there stay as they are. */
  resume(): void {
    this.#rows = this.#rows.map((written) => ({ ...written, isOld: true }));
  }

  #final({ isOld, row, test }: Written): Row {
    return isOld ? row : finalRow(this.#layout, row, test);
  }

  #inOrder(order: readonly string[] | undefined): Written[] {
    const place = ({ test }: Written) => order?.indexOf(test.id) ?? 0;
    return this.#rows.toSorted((left, right) => place(left) - place(right));
  }

  async #writeSideFiles(row: Row, test: AgentvTest): Promise<void> {
    for (const [name, text] of sideFiles(this.#layout, row, test)) {
      const path = join(this.dir, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  }
}

const PIECE = 8_192;

function lineOf(row: Row): string {
  return `${JSON.stringify(row)}\n`;
}

function keyOf(test: AgentvTest): string {
  return [suiteOf(test), test.id, targetOf(test)].join("/");
}
