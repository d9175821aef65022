import type { NowRecord } from "./now.ts";

type Of<Type extends NowRecord["type"]> = Extract<NowRecord, { readonly type: Type }>;

/** A call, told before, with how it ended. */
export function endedCall(
  { payload: call }: Of<"tool_call">,
  { payload }: Of<"tool_result">,
): Of<"tool_call"> {
  const { byte_count, duration, status } = payload;
  return { type: "tool_call", payload: { ...call, byte_count, duration, status } };
}
