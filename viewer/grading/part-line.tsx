import type { ComponentChildren } from "preact";
import "./part-line.css";

/** The name of a part, and a line to its right. */
export function PartLine({ children }: { readonly children: ComponentChildren }) {
  return <h3 class="part-line">{children}</h3>;
}
