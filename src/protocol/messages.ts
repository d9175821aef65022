import * as v from "valibot";
import type { RunsState } from "./bundle.ts";
import type { PatchOp } from "./patch.ts";

/**
 * The messages of /api/live. One connection, in order:
 *
 *   server  ready
 *   client  hello                      (optional; names the protocol)
 *   client  subscribe_runs / subscribe_run {runId}
 *   server  runs_snapshot / run_snapshot    whole state, epoch and version
 *   server  runs_patch / run_patch          from that version to the next, for ever
 *   client  resync_runs / resync_run        any gap or failed op: a snapshot again
 *
 * The numbered rules are in docs/protocol.md.
 */

const RunId = v.pipe(v.string(), v.minLength(1), v.maxLength(512));

export const ClientMessage = v.variant("type", [
  v.object({ type: v.literal("hello"), protocol: v.pipe(v.string(), v.maxLength(64)) }),
  v.object({ type: v.literal("subscribe_runs") }),
  v.object({ type: v.literal("unsubscribe_runs") }),
  v.object({ type: v.literal("resync_runs") }),
  v.object({ type: v.literal("subscribe_run"), runId: RunId }),
  v.object({ type: v.literal("unsubscribe_run"), runId: RunId }),
  v.object({ type: v.literal("resync_run"), runId: RunId }),
  v.object({ type: v.literal("ping") }),
]);
export type ClientMessage = v.InferOutput<typeof ClientMessage>;

const ERROR_CODES = ["protocol_error", "run_not_found", "version_mismatch", "internal_error"] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Ops are checked one by one where they are applied; here they only have to be a list. */
const Ops = v.array(v.custom<PatchOp>((op) => typeof op === "object" && op !== null && "op" in op));
const Version = v.pipe(v.number(), v.integer(), v.minValue(0));
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
    state: v.custom<RunsState>(isObject),
  }),
  v.object({ type: v.literal("runs_patch"), ...PatchFields }),
  v.object({
    type: v.literal("run_snapshot"),
    runId: RunId,
    epoch: v.string(),
    version: Version,
    state: v.custom<object>(isObject),
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
