import assert from "node:assert/strict";
import { type RunState, reviveRun } from "../../src/protocol/bundle.ts";
import { applyPatch, type PatchOp } from "../../src/protocol/patch.ts";
import type { Extent, Follower, Source } from "../../src/sources/source.ts";
import { createDraft } from "../../src/store/draft.ts";
import { emptyRun } from "../../src/store/empty-run.ts";
import type { ManualClock } from "./manual-clock.ts";

/** A draft, all ops it was given, and the follower that fills it. */
export class Following {
  state: RunState;
  readonly ops: PatchOp[] = [];
  readonly follower: Follower;

  constructor(source: Source, dir: string, extent: Extent = "whole") {
    this.state = emptyRun(source);
    this.follower = source.follow(dir, createDraft(this), extent);
  }

  apply(ops: readonly PatchOp[]): void {
    this.ops.push(...ops);
    this.state = applyPatch(this.state, ops, reviveRun);
  }

  async read(): Promise<number | undefined> {
    const result = await this.follower.read("all");
    assert.ok(result.kind === "read");
    return result.readAgainIn;
  }

  /** Reads as long as the source itself says that another look is worth it. */
  async readToTheEnd(clock: ManualClock): Promise<void> {
    for (let again = await this.read(); again !== undefined; again = await this.read())
      clock.advance(again + 1);
  }

  /** The length of every log, by its name. */
  lengths(): Map<string, number> {
    const lengths = new Map([
      ["trace", this.state.trace.length],
      ["steps", this.state.steps.length],
    ]);
    for (const { id, events } of Object.values(this.state.sessions)) lengths.set(id, events.length);
    return lengths;
  }
}
