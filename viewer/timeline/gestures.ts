import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { axis, scale } from "./axis.ts";
import { chooseAt, chooseLine } from "../steps/chosen.ts";
import { hover, hoverAt, hoverNowhere, type PressedTest, testAt } from "./hover.ts";
import { dropScrub, endScrub, scrubTo } from "./scrub.ts";
import { lookAt, pan, pinch, zoom } from "./sight.ts";

/** So far a finger may stray before it drags: it may be the first of two. */
const STRAY_PX = 5;
/** A hand that rests moves the pointer by less than this. */
const STILL_PX = 3;
const WHEEL_ZOOM = 0.002;
/** What a touchpad calls a wheel with Ctrl while two fingers spread: much smaller steps. */
const PINCH_ZOOM = 0.01;
const LINE_PX = 16;

interface Point {
  readonly x: number;
  readonly y: number;
}

type Gesture =
  | { readonly kind: "none" }
  /** A finger is down, and nobody knows yet what it is to become. */
  | { readonly kind: "press"; readonly at: Point; readonly test: PressedTest | null }
  | { readonly kind: "scrub" }
  /** A mouse is down on a test, which goes to that moment and may be all that is meant: that test. */
  | { readonly kind: "choose"; readonly at: Point; readonly test: PressedTest }
  | {
      readonly kind: "pinch";
      readonly was: typeof axis.value;
      readonly middle: number;
      readonly apart: number;
    };

/**
 * What pointers and the wheel do over the lanes: a press goes there, a drag
 * scrubs, two fingers and the wheel zoom. However often they tell of themselves,
 * the page is drawn once a frame. With a `height` all of the element is at that height of the lanes.
 */
export function useGestures(target: RefObject<HTMLElement | null>, height: number | null = null): void {
  useEffect(() => {
    const element = target.current;
    return element === null ? undefined : follow(element, height);
  }, [target, height]);
}

/** Where no lane is: a press there means a moment and nothing else. */
export const ABOVE_LANES = -1;

function follow(element: HTMLElement, height: number | null): () => void {
  const pointers = new Map<number, Point>();
  let gesture: Gesture = { kind: "none" };
  let frame = 0;
  let task: (() => void) | null = null;
  let wheel = { zoom: 1, pan: 0, x: 0 };

  const run = () => {
    frame = 0;
    const due = task;
    task = null;
    due?.();
  };
  /** Once in the next frame; the latest counts. */
  const soon = (next: () => void) => {
    task = next;
    if (frame === 0) frame = requestAnimationFrame(run);
  };
  /** What was to be done in the next frame is done now. */
  const settle = () => {
    if (frame === 0) return;
    cancelAnimationFrame(frame);
    run();
  };
  const pointOf = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    return {
      x: event.clientX - box.left - element.clientLeft,
      y: height ?? event.clientY - box.top - element.clientTop,
    };
  };
  /** Where the pointer was when the card was put away: it comes back once that moves. */
  let quietAt: Point | null = null;
  let last: Point | null = null;
  const hush = () => {
    quietAt = last;
    hoverNowhere();
  };
  const tell = (at: Point) => {
    if (quietAt !== null && Math.hypot(at.x - quietAt.x, at.y - quietAt.y) < STILL_PX) return;
    quietAt = null;
    hoverAt(at.x, at.y);
  };
  const seek = ({ x }: Point) => {
    const seen = scale.peek();
    scrubTo(seen.timeAt(Math.min(seen.width, Math.max(0, x))));
  };
  /** At the moment that was pressed, or where the test was not known then, at its end. */
  const choose = (test: PressedTest | null) => {
    if (test === null) return;
    if (test.isKnown) chooseAt(test.line, test.at);
    else chooseLine(test.line);
  };
  const dragTo = (at: Point) => {
    seek(at);
    tell(at);
  };
  const beginPinch = () => {
    const [one, other] = [...pointers.values()];
    if (one === undefined || other === undefined) return;
    gesture = {
      kind: "pinch",
      was: axis.peek(),
      middle: (one.x + other.x) / 2,
      apart: Math.max(1, Math.hypot(one.x - other.x, one.y - other.y)),
    };
    endScrub();
    hoverNowhere();
  };
  const pinchOn = ({ apart, middle, was }: Gesture & { kind: "pinch" }) => {
    const [one, other] = [...pointers.values()];
    if (one === undefined || other === undefined) return;
    const now = Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
    pinch(was, middle, apart / now, (one.x + other.x) / 2 - middle);
  };

  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    const at = pointOf(event);
    pointers.set(event.pointerId, at);
    if (pointers.size === 2) return beginPinch();
    if (pointers.size > 2) return;
    const test = testAt(at.x, at.y);
    if (event.pointerType === "touch") {
      gesture = { kind: "press", at, test };
      return;
    }
    gesture = test === null ? { kind: "scrub" } : { kind: "choose", at, test };
    last = at;
    hush();
    seek(at);
  };
  const onMove = (event: PointerEvent) => {
    const at = pointOf(event);
    last = at;
    if (pointers.has(event.pointerId)) pointers.set(event.pointerId, at);
    switch (gesture.kind) {
      case "none":
        return soon(() => tell(at));
      case "press":
      case "choose":
        if (Math.hypot(at.x - gesture.at.x, at.y - gesture.at.y) < STRAY_PX) return;
        gesture = { kind: "scrub" };
        return soon(() => dragTo(at));
      case "scrub":
        return soon(() => dragTo(at));
      case "pinch": {
        const current = gesture;
        return soon(() => pinchOn(current));
      }
    }
  };
  const onUp = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    settle();
    if (gesture.kind === "press" && event.type === "pointerup") seek(gesture.at);
    endScrub();
    if ((gesture.kind === "press" || gesture.kind === "choose") && event.type === "pointerup")
      choose(gesture.test);
    // The finger that stays does not go on as a drag.
    if (gesture.kind !== "pinch" || pointers.size === 0) gesture = { kind: "none" };
    if (event.pointerType === "touch") hoverNowhere();
  };
  const onLeave = () => {
    if (pointers.size > 0) return;
    task = null;
    hoverNowhere();
  };
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PX;
    const [across, along] = [event.deltaX * unit, event.deltaY * unit];
    wheel.x = pointOf(event).x;
    if (event.shiftKey || Math.abs(across) > Math.abs(along)) wheel.pan += across === 0 ? along : across;
    else wheel.zoom *= Math.exp(along * (event.ctrlKey ? PINCH_ZOOM : WHEEL_ZOOM));
    soon(() => {
      const turned = wheel;
      wheel = { zoom: 1, pan: 0, x: 0 };
      if (turned.zoom !== 1) zoom(turned.x, turned.zoom);
      if (turned.pan !== 0) pan(turned.pan);
    });
  };
  const onDouble = (event: MouseEvent) => {
    const { x, y } = pointOf(event);
    hoverAt(x, y);
    const mark = hover.peek()?.told?.mark;
    hush();
    if (mark !== undefined) lookAt(mark.start, mark.end);
  };

  element.addEventListener("pointerdown", onDown);
  element.addEventListener("pointermove", onMove);
  element.addEventListener("pointerup", onUp);
  element.addEventListener("pointercancel", onUp);
  element.addEventListener("pointerleave", onLeave);
  element.addEventListener("dblclick", onDouble);
  element.addEventListener("wheel", onWheel, { passive: false });
  // It lies over text: who goes on by keys, or scrolls, reads that.
  document.addEventListener("keydown", hush);
  document.addEventListener("wheel", hush, { passive: true });
  return () => {
    cancelAnimationFrame(frame);
    dropScrub();
    hoverNowhere();
    element.removeEventListener("pointerdown", onDown);
    element.removeEventListener("pointermove", onMove);
    element.removeEventListener("pointerup", onUp);
    element.removeEventListener("pointercancel", onUp);
    element.removeEventListener("pointerleave", onLeave);
    element.removeEventListener("dblclick", onDouble);
    element.removeEventListener("wheel", onWheel);
    document.removeEventListener("keydown", hush);
    document.removeEventListener("wheel", hush);
  };
}
