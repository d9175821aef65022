import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import "./dialog.css";

interface Props {
  readonly label: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

/**
 * Something over the page that is answered or left: Escape and a click beside it
 * close it, and the focus goes back to where it was. The browser's own dialog
 * keeps the focus inside and all else inert.
 */
export function Dialog({ children, close, label }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const onClose = useRef(close);
  onClose.current = close;
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
    return () => element.close();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-label={label}>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
