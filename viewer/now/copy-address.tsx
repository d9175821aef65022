import { type Told, useCopy } from "../ui/use-copy.ts";
import "../run/copy-link.css";

/** The address of this page. */
export function CopyAddress() {
  const { copy, told } = useCopy(() => new URL("/now", location.href).href);
  return (
    <span class="copy-link">
      <button type="button" class="button" onClick={copy}>
        Copy link
      </button>
      <span role="status" class={told === "nothing" ? "hidden" : "copy-told"}>
        {wordOf(told)}
      </span>
    </span>
  );
}

function wordOf(told: Told): string {
  switch (told) {
    case "nothing":
      return "";
    case "copied":
      return "Copied";
    case "failed":
      return "The browser did not let it be copied";
  }
}
