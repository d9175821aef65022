/**
 * The live protocol's name and its history, a line a version.
 *
 * acpx.replay.v1     the messages of acpx's own viewer, which its clients speak
 * runreel.live.v1    the same messages; an epoch beside every version
 */
export const LIVE_PROTOCOLS = ["acpx.replay.v1", "runreel.live.v1"] as const;
