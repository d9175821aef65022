import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { useFold } from "../ui/folded-text.tsx";
import { memo } from "../ui/memo.ts";
import { TextBlocks } from "../ui/text-blocks.tsx";
import { Code } from "./code.tsx";
import { lazyPart } from "./lazy-part.ts";
import type { Block, Cell, Inline } from "./markdown-node.ts";
import "./markdown.css";

interface Props {
  readonly text: string;
  /** Lines drawn before the fold. */
  readonly lines?: number;
  /** More is being written: a caret stands where the text ends. */
  readonly growing?: boolean;
}

/** A text of a book's length is folded. */
const PORTION = 200_000;

const reading = lazyPart(() => import("./markdown-reader.ts"));

/** Is all markdown drawn as such, as far as it will be? */
export function isMarkdownSettled(): boolean {
  reading.read();
  return reading.isSettled();
}

/** What was written to or by an agent, as its markdown means it; lines end where they were ended. Where it grows, only its last blocks are drawn again. */
export function Markdown({ growing = false, lines = Infinity, text }: Props) {
  const { more, shown } = useFold({ text, lines, portion: PORTION });
  const part = reading.read();
  const reader = useMemo(() => (part === null ? null : new part.MarkdownReader()), [part]);
  const blocks = useMemo(() => reader?.read(shown) ?? null, [reader, shown]);
  const caret = growing && more === null;
  return (
    <div class="markdown">
      {blocks === null ? (
        <div class="markdown-plain">
          <TextBlocks text={shown} end={caret && <Caret />} />
        </div>
      ) : (
        <Blocks blocks={blocks} caret={caret} first={reader?.first ?? 0} />
      )}
      {more}
    </div>
  );
}

function Caret() {
  return <i class="caret" />;
}

interface BlocksProps {
  readonly blocks: readonly Block[];
  readonly caret: boolean;
  /** The first one's number. */
  readonly first?: number;
}

function Blocks({ blocks, caret, first = 0 }: BlocksProps) {
  if (blocks.length === 0) return caret ? <Caret /> : null;
  return (
    <>
      {blocks.map((block, index) => (
        <BlockView key={first + index} block={block} caret={caret && index === blocks.length - 1} />
      ))}
    </>
  );
}

interface BlockProps {
  readonly block: Block;
  readonly caret: boolean;
}

const BlockView = memo<BlockProps>(({ block, caret }) => {
  const end = caret && <Caret />;
  switch (block.kind) {
    case "paragraph":
      return <p>{inlines(block.inside, end)}</p>;
    case "heading":
      return <Heading level={block.level}>{inlines(block.inside, end)}</Heading>;
    case "quote":
      return (
        <blockquote>
          <Blocks blocks={block.inside} caret={caret} />
        </blockquote>
      );
    case "list":
      return <List block={block} caret={caret} />;
    case "code":
      return (
        <Code
          text={block.text}
          language={block.language}
          label={block.language === null ? "Code" : `${block.language} code`}
          lines={Infinity}
          portion={PORTION}
          end={end}
        />
      );
    case "table":
      return <Table block={block} end={end} />;
    case "rule":
      return (
        <>
          <hr />
          {end}
        </>
      );
    case "plain":
      return (
        <div class="markdown-plain">
          <TextBlocks text={block.text} end={end} />
        </div>
      );
  }
});

/** Below the headings of the page, whatever the agent's own are. */
function Heading({ children, level }: { readonly level: number; readonly children: ComponentChildren }) {
  switch (level) {
    case 1:
      return <h4>{children}</h4>;
    case 2:
      return <h5>{children}</h5>;
    default:
      return <h6>{children}</h6>;
  }
}

interface ListProps {
  readonly block: Block & { readonly kind: "list" };
  readonly caret: boolean;
}

function List({ block: { items, start }, caret }: ListProps) {
  const drawn = items.map(({ inside, task }, index) => (
    <li key={index} class={task === "none" ? undefined : "task"}>
      {task !== "none" && <Task done={task === "done"} />}
      <Blocks blocks={inside} caret={caret && index === items.length - 1} />
    </li>
  ));
  return start === null ? <ul>{drawn}</ul> : <ol start={start}>{drawn}</ol>;
}

function Task({ done }: { readonly done: boolean }) {
  return (
    <span class="task-mark">
      <span aria-hidden="true">{done ? "☑" : "☐"}</span>
      <span class="hidden">{done ? "Done: " : "To do: "}</span>
    </span>
  );
}

interface TableProps {
  readonly block: Block & { readonly kind: "table" };
  readonly end: ComponentChildren;
}

function Table({ block: { aligns, head, rows }, end }: TableProps) {
  const place = (cell: number) => `cell-${aligns[cell] ?? "left"}`;
  const row = (cells: readonly Cell[], isLast: boolean) =>
    cells.map((cell, index) => (
      <td key={index} class={place(index)}>
        {inlines(cell, isLast && index === cells.length - 1 && end)}
      </td>
    ));
  return (
    <div class="table-frame" role="region" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={index} class={place(index)} scope="col">
                {inlines(cell, rows.length === 0 && index === head.length - 1 && end)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, index) => (
            <tr key={index}>{row(cells, index === rows.length - 1)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inlines(inside: readonly Inline[], end: ComponentChildren = null): ComponentChildren {
  return (
    <>
      {inside.map((inline, index) => (
        <InlineView key={index} inline={inline} />
      ))}
      {end}
    </>
  );
}

function InlineView({ inline }: { readonly inline: Inline }) {
  switch (inline.kind) {
    case "text":
      return <>{inline.text}</>;
    case "code":
      return <code>{inline.text}</code>;
    case "strong":
      return <strong>{inlines(inline.inside)}</strong>;
    case "emphasis":
      return <em>{inlines(inline.inside)}</em>;
    case "struck":
      return <del>{inlines(inline.inside)}</del>;
    case "link":
      return (
        <a href={inline.address} title={inline.address} target="_blank" rel="noreferrer noopener">
          {inlines(inline.inside)}
        </a>
      );
    case "break":
      return <br />;
  }
}
