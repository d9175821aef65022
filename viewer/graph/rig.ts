import { select, type Selection } from "d3-selection";
import { zoom, type ZoomBehavior, zoomIdentity, type ZoomTransform } from "d3-zoom";
import { between, type Camera, kept, LARGEST, type Size, smallestScale } from "./camera.ts";
import type { Layout } from "./layout.ts";

interface RigOptions {
  readonly layout: Layout;
  /** To be drawn from here. */
  readonly draw: (camera: Camera) => void;
  /** A person has moved it. */
  readonly moved: () => void;
  readonly resized: () => void;
}

const EASE_MS = 340;
/** A hand that presses is not quite still. */
const STILL = 4;

/** What carries the camera: moved by hand, by wheel and by fingers, or sent somewhere. */
export class Rig {
  readonly #options: RigOptions;
  readonly #selection: Selection<HTMLElement, unknown, null, undefined>;
  readonly #zoom: ZoomBehavior<HTMLElement, unknown>;
  readonly #resizes: ResizeObserver;
  #camera: Camera = { x: 0, y: 0, k: 1 };
  #size: Size;
  #frame = 0;

  constructor(box: HTMLElement, options: RigOptions) {
    this.#options = options;
    this.#size = sizeOf(box);
    this.#selection = select(box);
    let begun = this.#camera;
    this.#zoom = zoom<HTMLElement, unknown>()
      .extent(() => [
        [0, 0],
        [this.#size.width, this.#size.height],
      ])
      .clickDistance(STILL)
      .constrain((transform) => transformOf(kept(transform, this.#size, options.layout)))
      .on("start", (event: { sourceEvent: unknown }) => {
        begun = this.#camera;
        if (isByHand(event)) this.#stop();
      })
      .on("zoom", (event: { sourceEvent: unknown; transform: ZoomTransform }) => {
        const { k, x, y } = event.transform;
        this.#camera = { k, x, y };
        options.draw(this.#camera);
        if (isByHand(event) && isFar(begun, this.#camera)) options.moved();
      });
    this.#selection.call(this.#zoom).on("dblclick.zoom", null);
    this.#resizes = new ResizeObserver(() => {
      const size = sizeOf(box);
      if (size.width === this.#size.width && size.height === this.#size.height) return;
      this.#size = size;
      this.#bound();
      options.resized();
    });
    this.#resizes.observe(box);
    this.#bound();
  }

  get camera(): Camera {
    return this.#camera;
  }

  get size(): Size {
    return this.#size;
  }

  go(to: Camera, isEased: boolean): void {
    this.#stop();
    const from = this.#camera;
    if (!isEased || matchMedia("(prefers-reduced-motion: reduce)").matches) return this.#set(to);
    const began = performance.now();
    const next = (now: number) => {
      const share = Math.min(1, Math.max(0, (now - began) / EASE_MS));
      this.#frame = share < 1 ? requestAnimationFrame(next) : 0;
      this.#set(between(from, to, share));
    };
    this.#frame = requestAnimationFrame(next);
  }

  /** Nearer or further, the middle staying where it is. */
  scaleBy(factor: number): void {
    this.#stop();
    this.#zoom.scaleBy(this.#selection, factor);
  }

  end(): void {
    this.#stop();
    this.#resizes.disconnect();
    this.#selection.on(".zoom", null);
  }

  #bound(): void {
    this.#zoom.scaleExtent([smallestScale(this.#size, this.#options.layout), LARGEST]);
  }

  #set(to: Camera): void {
    this.#zoom.transform(this.#selection, transformOf(to));
  }

  #stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}

function transformOf({ k, x, y }: Camera): ZoomTransform {
  return zoomIdentity.translate(x, y).scale(k);
}

function isByHand(event: { readonly sourceEvent: unknown }): boolean {
  return event.sourceEvent !== null && event.sourceEvent !== undefined;
}

function isFar(from: Camera, to: Camera): boolean {
  return from.k !== to.k || Math.hypot(to.x - from.x, to.y - from.y) > STILL;
}

function sizeOf(box: HTMLElement): Size {
  const { height, width } = box.getBoundingClientRect();
  return { width, height };
}
