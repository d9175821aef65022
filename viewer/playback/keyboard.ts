/** What the keys of a player do, wherever on the page they are pressed. */
export type KeyAct =
  | "toggle"
  | "previous_event"
  | "next_event"
  | "previous_step"
  | "next_step"
  | "previous_error"
  | "next_error"
  | "back"
  | "forward"
  | "start"
  | "live"
  | "keys";

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
  switch (press.key) {
    // On some keyboards it needs Shift, on others it does not.
    case "?":
      return "keys";
    // With the capitals locked, Shift makes it small.
    case "e":
    case "E":
      return press.shiftKey ? "previous_error" : "next_error";
    case "ArrowLeft":
      return press.shiftKey ? "previous_step" : "previous_event";
    case "ArrowRight":
      return press.shiftKey ? "next_step" : "next_event";
  }
  if (press.shiftKey) return null;
  switch (press.key) {
    case " ":
      return "toggle";
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
