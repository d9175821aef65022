import type { Ids } from "./ids.ts";
import type { SessionWriter } from "./session-writer.ts";
import type { Beat, ToolBeat } from "./story-shape.ts";

/** Plays one turn of an agent into its session's log. `wait` paces it, in milliseconds at speed 1. */
export async function playTurn(
  turn: readonly Beat[],
  session: SessionWriter,
  ids: Ids,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  for (const beat of turn) {
    if ("think" in beat) await stream("agent_thought_chunk", beat.think);
    else if ("say" in beat) await stream("agent_message_chunk", beat.say);
    else if ("plan" in beat) await session.update({ sessionUpdate: "plan", entries: beat.plan });
    else if ("tool" in beat) await playTool(beat.tool);
    else await wait(beat.pause);
  }

  async function stream(sessionUpdate: "agent_thought_chunk" | "agent_message_chunk", text: string) {
    for (const chunk of chunksOf(text)) {
      await wait(ids.between(30, 60));
      await session.update({ sessionUpdate, content: { type: "text", text: chunk } });
    }
  }

  async function playTool(tool: ToolBeat) {
    const toolCallId = `call_${ids.uuid().slice(0, 8)}`;
    const { title, kind, input: rawInput, locations } = tool;
    const call = { toolCallId, title, kind, status: "pending", rawInput, locations } as const;
    await session.update({ sessionUpdate: "tool_call", ...call });
    await wait(tool.waits);
    await session.update({ sessionUpdate: "tool_call_update", toolCallId, status: "in_progress" });
    await wait(tool.takes);
    const { ends: status, content, output: rawOutput } = tool;
    await session.update({ sessionUpdate: "tool_call_update", toolCallId, status, content, rawOutput });
  }
}

/** A short word at a time with the space around it, as a model's tokens come; together they are the text. */
function chunksOf(text: string): string[] {
  return text.match(/\s*\S{1,7}\s*/gu) ?? [];
}
