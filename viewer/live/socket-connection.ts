import { type Connect, readMessage } from "./connection.ts";

/**
 * Connects to /api/live of the page's own origin. A message that is not one the
 * protocol names is passed over: a newer server may say more, and a patch lost
 * that way shows in the versions of the next.
 */
export const connectSocket: Connect = (events) => {
  const url = new URL("/api/live", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    events.closed();
  };
  socket.addEventListener("open", () => events.opened());
  socket.addEventListener("close", end);
  socket.addEventListener("error", end);
  socket.addEventListener("message", (event: MessageEvent<unknown>) => {
    const message = ended ? null : readMessage(event.data);
    if (message === null) return;
    if (message.type === "pong") events.pong();
    else events.message(message);
  });
  return {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    close() {
      end();
      socket.close();
    },
  };
};
