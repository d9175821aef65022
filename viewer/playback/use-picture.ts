import { type ReadonlySignal, untracked, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { wantParts } from "../live/state.ts";
import { useLate } from "../ui/use-late.ts";
import type { Picture } from "./picture.ts";

interface Shown<Value> {
  /** The picture, or while it is not ready the last one that was, or else what can be said meanwhile. */
  readonly value: Value | null;
  /** It is not all of the picture, but none of it is wrong. */
  readonly isPartial: boolean;
  readonly isLoading: boolean;
  /** It has been loading for a while: that is to be seen. */
  readonly isLate: boolean;
}

/**
 * Asks for the parts that a picture rests on, for as long as it is looked at. At
 * another moment they are asked for at once, before that moment is drawn.
 */
export function usePicture<Value>(asker: string, source: ReadonlySignal<Picture<Value>>): Shown<Value> {
  const picture = source.value;
  const last = useRef<Value | null>(null);
  const { isReady } = picture;
  const isLate = useLate(!isReady);
  if (isReady) last.current = picture.value;
  useSignalEffect(() => {
    const wanted = source.value.parts;
    untracked(() => wantParts(asker, wanted));
  });
  useLayoutEffect(() => () => wantParts(asker, []), [asker]);
  return {
    value: isReady ? picture.value : (last.current ?? picture.value),
    isPartial: !isReady && last.current === null && picture.value !== null,
    isLoading: !isReady,
    isLate,
  };
}
