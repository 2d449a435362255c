/** A sync client that says exactly what a test tells it to, and remembers what it hears. */
import { WebSocket } from "ws";
import { closeLater } from "./testServers.ts";

export type ServerMessage = { type: string; [field: string]: unknown };

export const SESSION_ID = "6f1f4fd5-3b0a-4e39-9a4b-1a8b6b1f0c11";

export class RawSyncClient {
  readonly heard: ServerMessage[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  pingsHeard = 0;
  readonly #socket: WebSocket;
  readonly #waiting: { type: string; resolve: (message: ServerMessage) => void }[] = [];
  #taken = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("ping", () => {
      this.pingsHeard++;
    });
    socket.on("message", (data: Buffer) => {
      this.heard.push(JSON.parse(data.toString("utf8")) as ServerMessage);
      this.#deliver();
    });
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** `connects` false leaves the first message to the test. */
  static async open(
    port: number,
    options: { path?: string; connects?: boolean; sessionId?: string } = {},
  ): Promise<RawSyncClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${options.path ?? "/api/1.48.0/sync"}`);
    const client = new RawSyncClient(socket);
    closeLater(async () => socket.terminate());
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    if (options.connects !== false) client.connect(options.sessionId);
    return client;
  }

  connect(sessionId = SESSION_ID): void {
    this.say({
      type: "Connect",
      sessionId,
      connectionCount: 0,
      lastCloseReason: "InitialConnect",
      clientTs: Date.now(),
    });
  }

  say(message: unknown): void {
    this.sayText(JSON.stringify(message));
  }

  sayText(text: string): void {
    this.#socket.send(text);
  }

  sayBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  add(baseVersion: number, ...queries: { queryId: number; udfPath: string; args?: unknown }[]) {
    this.say({
      type: "ModifyQuerySet",
      baseVersion,
      newVersion: baseVersion + 1,
      modifications: queries.map((query) => ({
        type: "Add",
        ...query,
        args: [query.args ?? {}],
      })),
    });
  }

  mutate(requestId: number, udfPath: string, args: unknown = {}): void {
    this.say({ type: "Mutation", requestId, udfPath, args: [args] });
  }

  /** The next message of a type that no earlier call has taken. Others are passed over. */
  next(type: string): Promise<ServerMessage> {
    return new Promise((resolve) => {
      this.#waiting.push({ type, resolve });
      this.#deliver();
    });
  }

  stopReading(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #deliver(): void {
    while (this.#taken < this.heard.length) {
      const [first] = this.#waiting;
      if (!first) return;
      const message = this.heard[this.#taken++];
      if (message?.type !== first.type) continue;
      this.#waiting.shift();
      first.resolve(message);
    }
  }
}
