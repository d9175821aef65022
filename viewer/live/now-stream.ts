import { NOW_FRAMES } from "../../src/protocol/now.ts";

export interface NowStreamEvents {
  /** What a frame of this name says, as text. */
  readonly frame: (name: string, data: string) => void;
  /** It broke off, and the browser tries again from where it was. */
  readonly broken: () => void;
  /** It will not come back by itself. */
  readonly refused: () => void;
}

export interface NowStream {
  close(): void;
}

const NAMES = ["ready", "burn_tick", ...Object.keys(NOW_FRAMES)];

/** The stream of what happens now, by the browser's own means: it says itself what it has heard last. */
export function openNowStream(address: string, events: NowStreamEvents): NowStream {
  const source = new EventSource(address);
  for (const name of NAMES)
    source.addEventListener(name, ({ data }: MessageEvent<unknown>) => {
      if (typeof data === "string") events.frame(name, data);
    });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) events.refused();
    else events.broken();
  });
  return { close: () => source.close() };
}
