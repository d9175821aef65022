import { useLayoutEffect, useState } from "preact/hooks";

/** Is something open that can be folded? It opens when somebody looks for words in it, and is theirs to close. */
export function useOpened(isSought: boolean): [isOpen: boolean, set: (isOpen: boolean) => void] {
  const [isOpen, setOpen] = useState(isSought);
  useLayoutEffect(() => {
    if (isSought) setOpen(true);
  }, [isSought]);
  return [isOpen, setOpen];
}
