import { fieldsOf, listOf, textOf } from "../playback/unknown.ts";
import type { PlanItem, ToolContent } from "./entry.ts";

/** Content blocks of the agent client protocol, as far as the page draws them. */

/** A block's text, or a label that says what stands there instead. */
export function blockText(block: unknown): string {
  const fields = fieldsOf(block);
  switch (fields["type"]) {
    case "text":
      return textOf(fields["text"]) ?? "";
    case "image":
    case "audio":
      return label(textOf(fields["type"]) ?? "", textOf(fields["mimeType"]));
    case "resource_link":
      return label("link", textOf(fields["title"]) ?? textOf(fields["name"]) ?? textOf(fields["uri"]));
    case "resource": {
      const resource = fieldsOf(fields["resource"]);
      return label("file", textOf(resource["uri"]));
    }
    default:
      return "";
  }
}

function label(kind: string, detail: string | null): string {
  return detail === null ? `[${kind}]` : `[${kind}: ${detail}]`;
}

export function promptText(prompt: unknown): string {
  return listOf(prompt).map(blockText).filter(Boolean).join("\n");
}

export function planItems(entries: unknown): PlanItem[] {
  return listOf(entries).map((entry) => {
    const fields = fieldsOf(entry);
    return {
      content: textOf(fields["content"]) ?? "",
      status: textOf(fields["status"]) ?? "pending",
      priority: textOf(fields["priority"]),
    };
  });
}

export function toolContent(content: unknown): ToolContent[] {
  return listOf(content).flatMap((part): ToolContent[] => {
    const fields = fieldsOf(part);
    switch (fields["type"]) {
      case "content": {
        const text = blockText(fields["content"]);
        return text === "" ? [] : [{ kind: "text", text }];
      }
      case "diff":
        return [
          {
            kind: "diff",
            path: textOf(fields["path"]) ?? "",
            oldText: textOf(fields["oldText"]),
            newText: textOf(fields["newText"]) ?? "",
          },
        ];
      case "terminal":
        return [{ kind: "text", text: label("terminal", textOf(fields["terminalId"])) }];
      default:
        return [];
    }
  });
}

export function locationPaths(locations: unknown): string[] {
  return listOf(locations).flatMap((location) => {
    const fields = fieldsOf(location);
    const path = textOf(fields["path"]);
    const { line } = fields;
    if (path === null) return [];
    return [typeof line === "number" ? `${path}:${line}` : path];
  });
}
