import { lazyPart } from "../text/lazy-part.ts";
import { hover } from "./hover.ts";

/** What tells of what is under the pointer is loaded when there is something. */
const card = lazyPart(() => import("./hover-card.tsx"));

export function Hovered() {
  if (hover.value === null) return null;
  const part = card.read();
  return part === null ? null : <part.HoverCard />;
}
