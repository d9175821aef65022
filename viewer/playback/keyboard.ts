/** What the keys of a player do, wherever on the page they are pressed. */
export type KeyAct =
  | "toggle"
  | "previous_event"
  | "next_event"
  | "previous_step"
  | "next_step"
  | "back"
  | "forward"
  | "start"
  | "live";

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** The act of a key, or null. A browser's own shortcuts are left alone. */
export function actOf(press: KeyPress): KeyAct | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  if (press.shiftKey) {
    if (press.key === "ArrowLeft") return "previous_step";
    return press.key === "ArrowRight" ? "next_step" : null;
  }
  switch (press.key) {
    case " ":
      return "toggle";
    case "ArrowLeft":
      return "previous_event";
    case "ArrowRight":
      return "next_event";
    case "Home":
      return "start";
    case "End":
    case "l":
    case "L":
      return "live";
    default:
      return null;
  }
}

/** On the slider itself, pages move by ten seconds and up and down by an event. */
export function sliderActOf(press: KeyPress): KeyAct | null {
  if (press.ctrlKey || press.altKey || press.metaKey || press.shiftKey) return actOf(press);
  switch (press.key) {
    case "PageUp":
      return "forward";
    case "PageDown":
      return "back";
    case "ArrowUp":
      return "next_event";
    case "ArrowDown":
      return "previous_event";
    default:
      return actOf(press);
  }
}
