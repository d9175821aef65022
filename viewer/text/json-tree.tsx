import { useMemo, useState } from "preact/hooks";
import { CopyButton } from "../ui/copy-button.tsx";
import { FoldedText } from "../ui/folded-text.tsx";
import { plural } from "../ui/format.ts";
import { type Container, isContainer, membersOf, MOST_MEMBERS, openAtFirst, sizeOf } from "./json-open.ts";
import "./json-tree.css";

interface Props {
  readonly value: unknown;
  readonly label: string;
}

/** Any JSON value, opened a level at a time. What is closed is not drawn, so depth and size cost nothing. */
export function JsonTree({ label, value }: Props) {
  const open = useMemo(() => openAtFirst(value), [value]);
  return (
    <div class="json" role="group" aria-label={label}>
      <span class="json-copy">
        {/* Some values are too deep to be written at all: then it says so. */}
        <CopyButton text={() => JSON.stringify(value, null, 2) ?? ""} what="JSON" />
      </span>
      <div class="json-rows">
        <Member name={null} value={value} open={open} />
      </div>
    </div>
  );
}

interface MemberProps {
  /** Null for the whole value. */
  readonly name: string | null;
  readonly value: unknown;
  readonly open: ReadonlySet<Container>;
}

function Member({ name, open, value }: MemberProps) {
  if (isContainer(value) && sizeOf(value) > 0) return <Level name={name} value={value} open={open} />;
  return (
    <div class="json-leaf">
      <Name name={name} />
      <Leaf value={value} />
    </div>
  );
}

interface LevelProps extends MemberProps {
  readonly value: Container;
}

function Level({ name, open, value }: LevelProps) {
  const [isOpen, setOpen] = useState(open.has(value));
  const [most, setMost] = useState(MOST_MEMBERS);
  const size = sizeOf(value);
  return (
    <details class="json-level" open={isOpen} onToggle={(change) => setOpen(change.currentTarget.open)}>
      <summary>
        <Name name={name} />
        <span class="json-size">{outline(value, size, isOpen)}</span>
      </summary>
      {isOpen && (
        <div class="json-members">
          {membersOf(value, most).map(([key, member]) => (
            <Member key={key} name={key} value={member} open={open} />
          ))}
          {size > most && (
            <button
              type="button"
              class="quiet-button"
              onClick={() => setMost((shown) => shown + MOST_MEMBERS)}
            >
              … {plural(size - most, "more", "more")}
            </button>
          )}
        </div>
      )}
    </details>
  );
}

/** Names that tell what a closed level is. */
const TELLING = 4;

function outline(value: Container, size: number, isOpen: boolean): string {
  if (Array.isArray(value)) return `[ ${plural(size, "item")} ]`;
  if (isOpen) return `{ ${plural(size, "member")} }`;
  const names = membersOf(value, TELLING).map(([name]) =>
    name.length > 40 ? `${name.slice(0, 40)}…` : name,
  );
  return `{ ${names.join(", ")}${size > TELLING ? ", …" : ""} }`;
}

function Name({ name }: { readonly name: string | null }) {
  if (name === null) return null;
  return (
    <>
      <span class="json-name">{name}</span>
      <span class="json-colon">: </span>
    </>
  );
}

function Leaf({ value }: { readonly value: unknown }) {
  switch (typeof value) {
    case "string":
      return <Text text={value} />;
    case "number":
    case "bigint":
      return <span class="json-number">{String(value)}</span>;
    case "object":
      return <span class="json-word">{value === null ? "null" : Array.isArray(value) ? "[ ]" : "{ }"}</span>;
    default:
      return <span class="json-word">{String(value)}</span>;
  }
}

/** A line of this length is read as it stands. */
const LINE_CHARS = 240;

/** A short text in its quotes; of a long one, or one of several lines, the beginning, until it is opened. */
function Text({ text }: { readonly text: string }) {
  const [isOpen, setOpen] = useState(false);
  const end = text.indexOf("\n");
  const isShort = end === -1 && text.length <= LINE_CHARS;
  if (isShort) return <span class="json-text">{JSON.stringify(text)}</span>;
  const button = (words: string) => (
    <button type="button" class="quiet-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
      {words}
    </button>
  );
  if (!isOpen) {
    const line = text.slice(0, Math.min(end === -1 ? text.length : end, LINE_CHARS));
    return (
      <>
        <span class="json-text">{JSON.stringify(line).slice(0, -1)}…</span>{" "}
        {button(`Show all ${plural(text.length, "character")}`)}
      </>
    );
  }
  return (
    <>
      {button("Show less")}
      <pre class="json-lines" tabIndex={0} aria-label="Text">
        <FoldedText text={text} lines={200} />
      </pre>
    </>
  );
}
