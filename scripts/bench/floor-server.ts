import { createReadStream, statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { parseArgs } from "node:util";
import { serveSockets } from "./socket-server.ts";

/**
 * The least that can be done: wake up when the file's folder changes, read what
 * was appended, send it as it is. No state, no checks, nothing to catch up with.
 */
const { values } = parseArgs({ options: { file: { type: "string" } } });
const { file } = values;
if (file === undefined) throw new Error("The floor server needs --file.");

const clients = await serveSockets();
let offset = statSync(file).size;
let reading = false;

watch(dirname(file), (_event, name) => {
  if (name === basename(file)) void send(file);
});

async function send(path: string): Promise<void> {
  if (reading) return;
  reading = true;
  try {
    for (let size = statSync(path).size; size > offset; size = statSync(path).size) {
      const part: Buffer[] = [];
      for await (const chunk of createReadStream(path, { start: offset, end: size - 1 }))
        if (Buffer.isBuffer(chunk)) part.push(chunk);
      offset = size;
      const bytes = Buffer.concat(part);
      for (const client of clients) client.send(bytes, { binary: false });
    }
  } finally {
    reading = false;
  }
}
