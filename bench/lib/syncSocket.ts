/** A sync client that is nothing but a socket: a thousand official clients would cost more than the server. */
import { once } from "node:events";
import { WebSocket } from "ws";

type Modification = { type: string; queryId: number; value?: unknown };
type Transition = { type: string; modifications?: Modification[] };

export class SyncSocket {
  readonly #socket: WebSocket;
  /** Called with each query that got a new result. */
  onResult: (queryId: number, value: unknown) => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString("utf8")) as Transition;
      if (message.type !== "Transition") return;
      for (const { queryId, value } of message.modifications ?? []) this.onResult(queryId, value);
    });
  }

  /** Watches `rows:get` of each key, the key being the query's id, and resolves when all have their first result. */
  static async watch(url: string, keys: number[]): Promise<SyncSocket> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/api/1.48.0/sync`);
    await once(socket, "open");
    const client = new SyncSocket(socket);
    const missing = new Set(keys);
    const complete = new Promise<void>((resolve) => {
      client.onResult = (queryId) => {
        missing.delete(queryId);
        if (missing.size === 0) resolve();
      };
    });
    client.#send({
      type: "Connect",
      sessionId: crypto.randomUUID(),
      connectionCount: 0,
      lastCloseReason: "InitialConnect",
      clientTs: Date.now(),
    });
    const modifications = keys.map((key) => ({
      type: "Add",
      queryId: key,
      udfPath: "rows:get",
      args: [{ key }],
    }));
    client.#send({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications });
    await complete;
    client.onResult = () => undefined;
    return client;
  }

  close(): void {
    this.#socket.terminate();
  }

  #send(message: unknown): void {
    this.#socket.send(JSON.stringify(message));
  }
}
