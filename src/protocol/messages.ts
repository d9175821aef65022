import * as v from "valibot";
import type { RunsState } from "./bundle.ts";
import type { PatchOp } from "./patch.ts";
import { WireOps } from "./wire-ops.ts";

/**
 * The messages of /api/live. One connection, in order:
 *
 *   server  ready
 *   client  hello {protocol}           (acpx.replay.v1 is spoken until another is named)
 *   client  subscribe_runs / subscribe_run {runId}, with the place it holds, if it holds one
 *   server  runs_snapshot / run_snapshot    the state, epoch and version
 *           or runs_resumed / run_resumed   the place given still fits
 *   server  runs_patch / patch              from the version held to a later one, for ever
 *   client  resync_runs / resync_run        any gap or failed op: a snapshot again
 *
 * In acpx.replay.v1 a run's patches are run_patch, and there are no places.
 * The numbered rules are in docs/protocol.md.
 */

const RunId = v.pipe(v.string(), v.minLength(1), v.maxLength(512));
const Version = v.pipe(v.number(), v.integer(), v.minValue(0));
/** The place a client holds in a topic, from before its connection was lost. */
const Place = { epoch: v.optional(v.pipe(v.string(), v.maxLength(64))), version: v.optional(Version) };

export const ClientMessage = v.variant("type", [
  v.object({ type: v.literal("hello"), protocol: v.pipe(v.string(), v.maxLength(64)) }),
  v.object({ type: v.literal("subscribe_runs"), ...Place }),
  v.object({ type: v.literal("unsubscribe_runs") }),
  v.object({ type: v.literal("resync_runs") }),
  v.object({ type: v.literal("subscribe_run"), runId: RunId, ...Place }),
  v.object({ type: v.literal("unsubscribe_run"), runId: RunId }),
  v.object({ type: v.literal("resync_run"), runId: RunId }),
  v.object({ type: v.literal("ping") }),
]);
export type ClientMessage = v.InferOutput<typeof ClientMessage>;

const ERROR_CODES = ["protocol_error", "run_not_found", "version_mismatch", "internal_error"] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Why a snapshot came, where it is not simply the first or was asked for. */
const SNAPSHOT_REASONS = ["first", "resync", "new_epoch", "too_old", "client_ahead"] as const;
export type SnapshotReason = (typeof SNAPSHOT_REASONS)[number];

/** Ops are checked one by one where they are applied; here they only have to be a list. */
const Ops = v.array(v.custom<PatchOp>((op) => typeof op === "object" && op !== null && "op" in op));
const PatchFields = { epoch: v.string(), fromVersion: Version, toVersion: Version, ops: Ops };
const isObject = (value: unknown) => typeof value === "object" && value !== null;

/**
 * What a client reads from the socket. The state itself is not checked again
 * here: the server has validated every line of it, and both sides ship together.
 */
export const ServerMessage = v.variant("type", [
  v.object({ type: v.literal("ready"), protocol: v.string() }),
  v.object({ type: v.literal("pong") }),
  v.object({
    type: v.literal("runs_snapshot"),
    epoch: v.string(),
    version: Version,
    reason: v.optional(v.picklist(SNAPSHOT_REASONS)),
    state: v.custom<RunsState>(isObject),
  }),
  v.object({ type: v.literal("runs_resumed"), epoch: v.string(), version: Version }),
  v.object({ type: v.literal("runs_patch"), ...PatchFields }),
  v.object({
    type: v.literal("run_snapshot"),
    runId: RunId,
    /** The number its patches carry; acpx.replay.v1 has none. */
    topic: v.optional(v.number()),
    epoch: v.string(),
    version: Version,
    reason: v.optional(v.picklist(SNAPSHOT_REASONS)),
    state: v.custom<object>(isObject),
  }),
  v.object({
    type: v.literal("run_resumed"),
    runId: RunId,
    topic: v.number(),
    epoch: v.string(),
    version: Version,
  }),
  v.object({
    type: v.literal("patch"),
    topic: v.number(),
    epoch: v.string(),
    from: Version,
    to: Version,
    ops: WireOps,
  }),
  v.object({ type: v.literal("run_patch"), runId: RunId, ...PatchFields }),
  v.object({
    type: v.literal("error"),
    code: v.picklist(ERROR_CODES),
    message: v.string(),
    runId: v.optional(v.string()),
  }),
]);
export type ServerMessage = v.InferOutput<typeof ServerMessage>;
