import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** As the system answers once its limit of watched folders is reached. */
function refuse(path: unknown): never {
  const message = `ENOSPC: System limit for number of file watchers reached, watch '${String(path)}'`;
  throw Object.assign(new Error(message), { code: "ENOSPC", syscall: "watch", path });
}

/** From now on nothing can be watched, by anyone in this process. The result makes an end of it. */
export function refuseWatches(): () => void {
  const { watch } = fs;
  const put = (value: unknown) => {
    Object.defineProperty(fs, "watch", { value, configurable: true, enumerable: true, writable: true });
    syncBuiltinESMExports();
  };
  put(refuse);
  return () => put(watch);
}
