import { useEffect, useState } from "preact/hooks";

const SAID_MS = 1500;

interface Props {
  readonly text: string;
  /** What is copied, for who cannot see where the button stands. */
  readonly of: string;
}

/** Puts a text on the clipboard and says so. */
export function CopyButton({ of, text }: Props) {
  const [said, setSaid] = useState<"" | "Copied" | "Not copied">("");
  useEffect(() => {
    if (said === "") return undefined;
    const timer = setTimeout(() => setSaid(""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setSaid("Copied"),
      () => setSaid("Not copied"),
    );
  };
  return (
    <>
      <button type="button" class="quiet-button copy-button" onClick={copy}>
        {said === "" ? "Copy" : said}
        <span class="hidden"> {of}</span>
      </button>
      <span class="hidden" role="status">
        {said}
      </span>
    </>
  );
}
