import { type Told, useCopy } from "./use-copy.ts";
import "./copy-button.css";

interface Props {
  /** Asked for only when it is wanted. */
  readonly text: string | (() => string);
  /** What is copied, for who cannot see where the button stands: "the command". */
  readonly what: string;
  readonly word?: string;
}

/** Puts a text on the clipboard and says so in its own place. */
export function CopyButton({ text, what, word = "Copy" }: Props) {
  const { copy, told } = useCopy(() => (typeof text === "string" ? text : text()));
  return (
    <span class="copy-button">
      <button type="button" class="quiet-button" aria-label={`${word} ${what}`} onClick={copy}>
        <span class={told === "nothing" ? undefined : "copy-covered"}>{word}</span>
      </button>
      <span role="status" class={told === "nothing" ? "hidden" : "copy-told-here"}>
        {told === "nothing" ? "" : wordOf(told)}
      </span>
    </span>
  );
}

function wordOf(told: Exclude<Told, "nothing">): string {
  return told === "copied" ? "Copied" : "Could not be copied";
}
