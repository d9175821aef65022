import { type Fields, fieldsOf, listOf, numberOf, textOf } from "../playback/unknown.ts";
import type { Align, Block, Cell, Inline } from "./markdown-node.ts";
import { jsonReply } from "./json-reply.ts";
import { safeAddress } from "./safe-address.ts";

/** From the tokens of the markdown library to what is drawn. What is not known is drawn as its own text. */

export function blockOf(token: unknown): Block | null {
  const fields = fieldsOf(token);
  switch (fields["type"]) {
    case "space":
    case "def":
    case "checkbox":
      return null;
    case "paragraph": {
      const json = jsonReply(plainOf(fields));
      if (json !== null) return { kind: "code", language: "json", text: json };
      return { kind: "paragraph", inside: inlinesOf(fields) };
    }
    case "text":
      return { kind: "paragraph", inside: inlinesOf(fields) };
    case "heading":
      return { kind: "heading", level: numberOf(fields["depth"]) ?? 1, inside: inlinesOf(fields) };
    case "blockquote":
      return { kind: "quote", inside: blocksOf(fields["tokens"]) };
    case "list":
      return {
        kind: "list",
        start: fields["ordered"] === true ? (numberOf(fields["start"]) ?? 1) : null,
        items: listOf(fields["items"]).map((item) => {
          const { checked, task, tokens } = fieldsOf(item);
          const state = task !== true ? "none" : checked === true ? "done" : "open";
          return { task: state, inside: blocksOf(tokens) };
        }),
      };
    case "code":
      return {
        kind: "code",
        language: textOf(fields["lang"])?.match(/^[^\s{},]+/)?.[0] ?? null,
        text: textOf(fields["text"]) ?? "",
      };
    case "table":
      // Every table has a head, but one that is too large to be looked into.
      if (listOf(fields["header"]).length === 0) return plainBlock(fields);
      return {
        kind: "table",
        aligns: listOf(fields["align"]).map(alignOf),
        head: cellsOf(fields["header"]),
        rows: listOf(fields["rows"]).map(cellsOf),
      };
    case "hr":
      return { kind: "rule" };
    default:
      return plainBlock(fields);
  }
}

function plainBlock(fields: Fields): Block {
  return { kind: "plain", text: plainOf(fields).replace(/\n+$/, "") };
}

function blocksOf(tokens: unknown): Block[] {
  return listOf(tokens)
    .map(blockOf)
    .filter((block) => block !== null);
}

function cellsOf(cells: unknown): Cell[] {
  return listOf(cells).map((cell) => inlinesOf(fieldsOf(cell)));
}

function alignOf(align: unknown): Align {
  return align === "center" || align === "right" ? align : "left";
}

function inlinesOf(fields: Fields): Inline[] {
  const found: Inline[] = [];
  for (const token of listOf(fields["tokens"])) {
    const inline = inlineOf(fieldsOf(token));
    const last = found.at(-1);
    if (inline?.kind === "text" && last?.kind === "text")
      found[found.length - 1] = { kind: "text", text: last.text + inline.text };
    else if (inline !== null) found.push(inline);
  }
  return found;
}

function inlineOf(fields: Fields): Inline | null {
  const raw: Inline = { kind: "text", text: textOf(fields["raw"]) ?? "" };
  switch (fields["type"]) {
    case "text":
      // In a list's item, a line of text has what it is made of inside.
      return listOf(fields["tokens"]).length > 1
        ? { kind: "text", text: plainOf(fields) }
        : { kind: "text", text: decode(textOf(fields["text"]) ?? "") };
    case "escape":
      return { kind: "text", text: textOf(fields["text"]) ?? "" };
    case "codespan":
      return { kind: "code", text: textOf(fields["text"]) ?? "" };
    case "strong":
      return { kind: "strong", inside: inlinesOf(fields) };
    case "em":
      return { kind: "emphasis", inside: inlinesOf(fields) };
    case "del":
      return { kind: "struck", inside: inlinesOf(fields) };
    case "br":
      return { kind: "break" };
    case "checkbox":
      return null;
    case "link": {
      const address = safeAddress(textOf(fields["href"]) ?? "");
      return address === null ? raw : { kind: "link", address, inside: inlinesOf(fields) };
    }
    case "image": {
      // Nothing is fetched because an agent named it.
      const address = safeAddress(textOf(fields["href"]) ?? "");
      const text = `image: ${decode(textOf(fields["text"]) ?? "")}`;
      return address === null ? raw : { kind: "link", address, inside: [{ kind: "text", text }] };
    }
    default:
      return raw;
  }
}

function plainOf(fields: Fields): string {
  return textOf(fields["raw"]) ?? "";
}

const NAMED = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
]);

/** The names for characters that agents use; others stay as they were written. */
function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    const known = NAMED.get(String(name));
    if (known !== undefined) return known;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code > 31 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
  });
}
