import type { Result } from "./calls.ts";
import { diffsDone } from "./diffs.ts";
import { type Block, fieldsOf, stringOf } from "./records.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A picture of more than this, in base64, is told of and not carried. */
const MOST_IMAGE_CHARS = 200_000;

/** A part of a message as ACP has it; null where there is nothing to say. */
export function contentOf(block: Block): Fields | null {
  const fields: Fields = block;
  switch (block.type) {
    case "text":
      return block.text ? { type: "text", text: block.text } : null;
    case "image": {
      const { data, media_type } = fieldsOf(fields["source"]);
      const [image, mimeType] = [stringOf(data), stringOf(media_type) ?? "image/png"];
      if (image === null) return note("image");
      if (image.length >= MOST_IMAGE_CHARS)
        return note(`image of ${Math.round((image.length * 3) / 4000)} kB`);
      return { type: "image", data: image, mimeType };
    }
    case "document":
      return note(["document", stringOf(fields["title"])].filter(Boolean).join(": "));
    case "tool_reference":
      return note(`tool: ${stringOf(fields["tool_name"]) ?? ""}`);
    case "fallback":
      return note("another model goes on");
    default:
      return null;
  }
}

function listOf(content: Fields | null): Fields[] {
  return content === null ? [] : [content];
}

function note(what: string): Fields {
  return { type: "text", text: `[${what}]` };
}

/** The words as a person typed them, and what they put beside. */
export function promptOf(text: string, blocks: readonly Block[]): Fields[] {
  const beside = blocks.flatMap((block) => (block.type === "text" ? [] : listOf(contentOf(block))));
  return text === "" ? beside : [{ type: "text", text }, ...beside];
}

/** What a result says. Null: what the call says stands, a change of a file. */
export function resultContent(result: Result): readonly Fields[] | null {
  const { blocks, details, isError, text } = result;
  const diffs = isError ? [] : diffsDone(details);
  if (diffs.length > 0) return diffs.map((each) => ({ ...each }));
  if (!isError && /^(?:The file .{1,4096} has been (?:updated|created)|File created successfully)/.test(text))
    return null;
  return blocks.flatMap((block) => {
    const content = contentOf(block.type === "text" ? { ...block, text: plain(block.text ?? "") } : block);
    return content === null ? [] : [{ type: "content", content }];
  });
}

function plain(text: string): string {
  return text.replaceAll(/<\/?(?:tool_use_error|persisted-output)>/g, "");
}
