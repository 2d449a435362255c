/** Opens and closes one HTTP server. */
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo } from "node:net";

export type Patience = {
  /** A client has this long for its headers, and for the whole request: longer holds a connection for nothing. */
  headersMs: number;
  requestMs: number;
  checkEveryMs: number;
  /** Nothing in either direction, neither from a client that does not read nor to one that waits: longer than actions run. */
  silenceMs: number;
};

const PATIENCE: Patience = {
  headersMs: 15_000,
  requestMs: 120_000,
  checkEveryMs: 5_000,
  silenceMs: 900_000,
};
/** Longer than common proxies (60 s) and beats keep idle connections, so that it is they who close them. */
const KEEP_ALIVE_MS = 75_000;
const MAX_HEADER_BYTES = 32 * 1024;

/** `patience` is for tests. */
export function createHttpServer(listener: RequestListener, patience = PATIENCE): Server {
  const server = createServer(
    {
      headersTimeout: patience.headersMs,
      requestTimeout: patience.requestMs,
      connectionsCheckingInterval: patience.checkEveryMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      noDelay: true,
    },
    listener,
  );
  return server.setTimeout(patience.silenceMs);
}

/** Resolves with the port. Rejects with an error whose message is one line to show. */
export function listen(server: Server, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(new Error(explain(error, port, host)));
    server.once("error", onError);
    server.listen({ port, host }, () => {
      server.off("error", onError);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Takes no more connections, lets what is under way finish for `graceMs`, then cuts it off. */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function explain(error: NodeJS.ErrnoException, port: number, host: string | undefined): string {
  const where = host === undefined ? `Port ${port}` : `Port ${port} of ${host}`;
  switch (error.code) {
    case "EADDRINUSE":
      return `${where} is already in use. Stop the program that uses it, or choose another port.`;
    case "EACCES":
      return `${where} may not be opened by this user. Choose a port above 1023.`;
    default:
      return `${where} cannot be opened: ${error.message}`;
  }
}
