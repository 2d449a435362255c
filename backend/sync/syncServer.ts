/** Accepts sync clients on an HTTP server's upgrades and looks after their sockets. The protocol is in session.ts. */
import { type IncomingMessage } from "node:http";
import { type Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { type Engine } from "../runtime/engine.ts";
import { type Authenticator } from "./authenticator.ts";
import { Connection } from "./connection.ts";
import { SYNC_LIMITS, type SyncLimits } from "./limits.ts";
import { Publisher } from "./publisher.ts";
import { Session } from "./session.ts";

export type SyncServerOptions = {
  engine: Engine;
  authenticator: Authenticator;
  log: (message: string) => void;
  limits?: Partial<SyncLimits>;
  now?: () => number;
};

/** The first npm client that understands TransitionChunk. */
const FIRST_SPLITTING_CLIENT = [1, 28] as const;
const CLOSE_GRACE_MS = 1_000;

export class SyncServer {
  readonly #options: SyncServerOptions;
  readonly #limits: SyncLimits;
  readonly #publisher: Publisher;
  readonly #sessions = new Set<Session>();
  readonly #sockets: WebSocketServer;
  readonly #sweeper: NodeJS.Timeout;

  constructor(options: SyncServerOptions) {
    this.#options = options;
    this.#limits = { ...SYNC_LIMITS, ...options.limits };
    this.#publisher = new Publisher(options.engine);
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: this.#limits.maxMessageBytes,
    });
    this.#sweeper = setInterval(() => this.#sweep(), this.#limits.sweepEveryMs);
    this.#sweeper.unref();
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** How many queries the engine watches for all sockets together. */
  get watchCount(): number {
    return this.#publisher.watches.size;
  }

  /** Takes the upgrade if it is for the sync endpoint; false if it is somebody else's. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const endpoint = parseSyncPath(request.url ?? "");
    if (!endpoint) return false;
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const now = this.#options.now ?? Date.now;
      const { splitsTransitions } = endpoint;
      const limits = this.#limits;
      const { engine, authenticator, log } = this.#options;
      const connection = new Connection(webSocket, { limits, splitsTransitions });
      const publisher = this.#publisher;
      const context = { engine, authenticator, publisher, limits, now, log };
      const session = new Session(connection, context);
      this.#sessions.add(session);
      webSocket.on("close", () => this.#sessions.delete(session));
    });
    return true;
  }

  /** Sends every client away and resolves when all have gone, or have been cut off. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    for (const session of this.#sessions) session.goAway();
    const deadlineAt = performance.now() + CLOSE_GRACE_MS;
    while (this.#sessions.size > 0 && performance.now() < deadlineAt) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const session of this.#sessions) session.terminate();
    this.#publisher.close();
    this.#sockets.close();
  }

  #sweep(): void {
    for (const session of this.#sessions) session.sweep();
  }
}

/** `/api/sync` and `/api/<version>/sync`; null for any other path. */
export function parseSyncPath(url: string): { splitsTransitions: boolean } | null {
  const [path = ""] = url.split("?", 1);
  const [root, api, ...rest] = path.split("/");
  if (root !== "" || api !== "api" || rest.at(-1) !== "sync" || rest.length > 2) return null;
  const [version] = rest;
  return { splitsTransitions: rest.length === 2 && splitsTransitions(version ?? "") };
}

function splitsTransitions(version: string): boolean {
  const [major = NaN, minor = NaN] = version.split(".").map(Number);
  const [firstMajor, firstMinor] = FIRST_SPLITTING_CLIENT;
  return major > firstMajor || (major === firstMajor && minor >= firstMinor);
}
