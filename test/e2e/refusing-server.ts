import type { Page, WebSocketRoute } from "playwright-core";

/** What a page hears of a server that cannot show a run. */
interface RefusingServer {
  /** Why runs are refused, or null while they are not. */
  refuses: string | null;
  /** How often a run was asked for. */
  readonly asked: number;
  /** The run that is shown comes to an end. */
  lose(runId: string, message: string): void;
}

/** Stands between a page and its server from the next connection on. */
export async function refuseRuns(page: Page): Promise<RefusingServer> {
  let socket: WebSocketRoute | null = null;
  let asked = 0;
  const tell = (runId: string, message: string) =>
    socket?.send(JSON.stringify({ type: "error", code: "internal_error", message, runId }));
  const server: RefusingServer = {
    refuses: null,
    get asked() {
      return asked;
    },
    lose: tell,
  };
  await page.routeWebSocket(/\/api\/live$/, (route) => {
    socket = route;
    const real = route.connectToServer();
    route.onMessage((message) => {
      const runId = /"subscribe_run","runId":"([^"]+)"/.exec(String(message))?.[1];
      if (runId !== undefined) asked += 1;
      if (runId !== undefined && server.refuses !== null) tell(runId, server.refuses);
      else real.send(message);
    });
  });
  return server;
}
