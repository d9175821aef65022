/**
 * The live protocol's name and its history, a line a version.
 *
 * acpx.replay.v1     the messages of acpx's own viewer, which its clients speak
 * runreel.live.v1    an epoch beside every version; runs tail first, with older parts on request; resuming
 *                    from a place; short patches, of several versions at once where a client fell behind
 */
export const LIVE_PROTOCOLS = ["acpx.replay.v1", "runreel.live.v1"] as const;
export type LiveProtocol = (typeof LIVE_PROTOCOLS)[number];
