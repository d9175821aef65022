import { useEffect, useState } from "preact/hooks";

interface Props {
  readonly value: unknown;
}

type Copied = "not yet" | "done" | "failed";

const WORDS: Readonly<Record<Copied, string>> = {
  "not yet": "Copy JSON",
  done: "Copied",
  failed: "Could not copy",
};
const SAID_FOR_MS = 2000;

/** Puts a value's JSON on the clipboard, where the browser lets a page do so. */
export function CopyValue({ value }: Props) {
  const [copied, setCopied] = useState<Copied>("not yet");
  useEffect(() => {
    if (copied === "not yet") return undefined;
    const timer = setTimeout(() => setCopied("not yet"), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  if (!("clipboard" in navigator)) return null;
  return (
    <button
      type="button"
      class="quiet-button json-copy"
      aria-live="polite"
      onClick={() => {
        copy(value).then(
          () => setCopied("done"),
          () => setCopied("failed"),
        );
      }}
    >
      {WORDS[copied]}
    </button>
  );
}

/** Some values are too deep to be written at all. */
async function copy(value: unknown): Promise<void> {
  await navigator.clipboard.writeText(JSON.stringify(value, null, 2) ?? "");
}
