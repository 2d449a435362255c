/** Where the demo's channels send: a server on this machine that takes every message and forgets it. */
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** Answers on loopback only, until the process ends. Returns its address. */
export async function openSink(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(204).end());
  });
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
