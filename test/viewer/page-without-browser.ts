import type { RunState } from "../../src/protocol/bundle.ts";

/**
 * The page's own state, of a run that a server would have sent: without a
 * browser, a socket or a clock. One to a test file, since a page is one, too.
 */
export async function pageWithoutBrowser() {
  const frames: (() => void)[] = [];
  const asked: { readonly url: string; readonly answer: (body: unknown) => void }[] = [];
  const define = (name: string, value: unknown) =>
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  define("MessageChannel", Channel);
  define("WebSocket", Socket);
  define("window", new EventTarget());
  define("document", Object.assign(new EventTarget(), { hidden: false }));
  define("location", { href: "http://reel.test/" });
  define("setTimeout", () => 0);
  define("requestAnimationFrame", (task: () => void) => frames.push(task));
  define("cancelAnimationFrame", (frame: number) => frames.splice(frame - 1, 1, () => {}));
  define("fetch", async (url: string) => ({
    ok: true,
    json: () => new Promise((answer) => asked.push({ url, answer })),
  }));

  const [state, choice, playback, stepping, chosen, scrub] = await Promise.all([
    import("../../viewer/live/state.ts"),
    import("../../viewer/playback/choice.ts"),
    import("../../viewer/playback/playback.ts"),
    import("../../viewer/playback/stepping.ts"),
    import("../../viewer/steps/chosen.ts"),
    import("../../viewer/timeline/scrub.ts"),
  ]);
  state.startLive();
  playback.startPlayback(() => null);
  Socket.last?.dispatchEvent(new Event("open"));
  let version = 0;
  return {
    choice,
    playback,
    stepping,
    chosen,
    scrub,
    /** A snapshot of the run: a life of its own. */
    show(run: RunState): void {
      const { runId } = run.manifest;
      state.wantRun(runId);
      version += 1;
      const message = { type: "run_snapshot", runId, topic: 1, epoch: "e", version, state: run };
      Socket.last?.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
    },
    /** Draws the next frame. */
    frame(): void {
      for (const task of frames.splice(0)) task();
    },
    /** Answers what was asked for by such an address, and waits for what comes of it. */
    async answer(part: string, body: unknown): Promise<void> {
      await settled();
      for (const { answer, url } of asked.splice(0)) if (url.includes(part)) answer(body);
      await settled();
    },
  };
}

/** Until nothing more happens that waits for no answer. */
async function settled(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

class Socket extends EventTarget {
  static readonly OPEN = 1;
  static last: Socket | null = null;
  readonly readyState = 1;

  constructor() {
    super();
    Socket.last = this;
  }

  send(): void {}

  close(): void {}
}

/** A real one would keep the process from ending. */
class Channel {
  #listener: () => void = () => {};
  readonly port1 = {
    addEventListener: (_type: string, listener: () => void) => void (this.#listener = listener),
    start: () => {},
  };
  readonly port2 = { postMessage: () => void setImmediate(this.#listener) };
}
