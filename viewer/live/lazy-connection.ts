import type { Connect, Connection } from "./connection.ts";

/**
 * A way to connect that is loaded when it is needed, which on most machines is
 * never. Where it cannot be loaded it does not connect.
 */
export function lazyConnect(load: () => Promise<Connect>): Connect {
  return (events) => {
    let connection: Connection | null = null;
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      events.closed();
    };
    const begin = async () => {
      try {
        const connect = await load();
        if (!ended) connection = connect({ ...events, closed: end });
      } catch {
        end();
      }
    };
    void begin();
    return {
      send: (message) => connection?.send(message),
      close() {
        const current = connection;
        end();
        current?.close();
      },
    };
  };
}
