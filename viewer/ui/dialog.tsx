import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import "./dialog.css";

interface Props {
  readonly label: string;
  readonly close: () => void;
  /** True: whoever leaves it is elsewhere on the page, and no part of it has the focus. */
  readonly leavesFocus?: () => boolean;
  readonly children: ComponentChildren;
}

/**
 * Something over the page that is answered or left: Escape and a click beside it
 * close it, and the focus goes back to where it was, unless it led elsewhere. The
 * browser's own dialog keeps the focus inside and all else inert.
 */
export function Dialog({ children, close, label, leavesFocus }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const onClose = useRef(close);
  onClose.current = close;
  const isElsewhere = useRef(leavesFocus);
  isElsewhere.current = leavesFocus;
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return undefined;
    const onCancel = (event: Event) => {
      event.preventDefault();
      onClose.current();
    };
    let isPressedBeside = false;
    const onDown = (event: PointerEvent) => {
      isPressedBeside = event.target === element;
    };
    // A press that began inside and ended beside it is a click on both: on the dialog.
    const onClick = (event: MouseEvent) => {
      if (event.target === element && isPressedBeside) onClose.current();
    };
    // Nothing behind it hears what is pressed in it.
    element.addEventListener("keydown", (event) => event.stopPropagation());
    element.addEventListener("cancel", onCancel);
    element.addEventListener("pointerdown", onDown);
    element.addEventListener("click", onClick);
    element.showModal();
    return () => {
      element.close();
      if (isElsewhere.current?.() === true && document.activeElement instanceof HTMLElement)
        document.activeElement.blur();
    };
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-label={label}>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
