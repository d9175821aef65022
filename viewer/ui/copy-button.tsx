import { useEffect, useState } from "preact/hooks";
import "./copy-button.css";

const SAID_FOR_MS = 2000;

type Told = "nothing" | "copied" | "failed";

interface Props {
  readonly text: string;
  /** What is copied, for who cannot see where the button stands: "the command". */
  readonly what: string;
}

export function CopyButton({ text, what }: Props) {
  const [told, setTold] = useState<Told>("nothing");
  useEffect(() => {
    if (told === "nothing") return undefined;
    const timer = setTimeout(() => setTold("nothing"), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [told]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setTold("copied");
    } catch {
      setTold("failed");
    }
  };
  return (
    <span class="copy-button">
      <button type="button" class="quiet-button" aria-label={`Copy ${what}`} onClick={() => void copy()}>
        {wordOf(told)}
      </button>
      <span role="status" class="hidden">
        {told === "nothing" ? "" : wordOf(told)}
      </span>
    </span>
  );
}

function wordOf(told: Told): string {
  switch (told) {
    case "nothing":
      return "Copy";
    case "copied":
      return "Copied";
    case "failed":
      return "Could not be copied";
  }
}
