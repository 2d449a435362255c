/** A node:http server that records what agents send and answers as a test says. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo } from "node:net";
import { once } from "node:events";
import { json } from "node:stream/consumers";

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  /** Of the agent's end of the connection. */
  port: number;
  body: Record<string, unknown>;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface AgentServer {
  url: string;
  received: Received[];
  /** Resolves with the first request that fits, also one that came already. */
  waitFor(fits: (request: Received) => boolean): Promise<Received>;
  close(): Promise<void>;
}

const register = { machineId: "web1web1web1web1web1w", name: "web-1" };
export const happy = (path: string): Reply => {
  if (/(register|enrol)$/.test(path)) return { body: { ...register, heartbeatIntervalMs: 1_000 } };
  if (path.endsWith("heartbeat")) return { body: { status: "online", nextHeartbeatMs: 1_000 } };
  return { body: { status: "offline" } };
};

/** null hangs up without an answer, "silence" never answers. */
export type Script = (path: string) => Reply | "silence" | null;

export async function startServer(reply: Script = happy, port = 0): Promise<AgentServer> {
  const received: Received[] = [];
  const listeners = new Set<() => void>();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    void json(request).then((body) => {
      received.push({
        path,
        headers: request.headers,
        port: request.socket.remotePort ?? 0,
        body: body as Received["body"],
      });
      for (const listener of listeners) listener();
      const answer = reply(path);
      if (answer === null) request.socket.destroy();
      else if (answer !== "silence")
        response.writeHead(answer.status ?? 200, answer.headers).end(textOf(answer.body));
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async waitFor(fits) {
      for (;;) {
        const found = received.find(fits);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => listeners.add(resolve));
      }
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body ?? {});
}
