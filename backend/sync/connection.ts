/**
 * One WebSocket as the session sees it: text in, text out, how full it is, whether the peer lives. Knows nothing of what
 * the text means, except that a transition may be split.
 */
import { type RawData, WebSocket } from "ws";
import { type SyncLimits } from "./limits.ts";
import { PING, transitionChunks } from "./serverMessages.ts";

export type ConnectionEvents = {
  onText(text: string): void;
  /** The socket was congested and has drained. */
  onDrain(): void;
  onClose(): void;
};

export class Connection {
  readonly #socket: WebSocket;
  readonly #limits: SyncLimits;
  readonly #splitsTransitions: boolean;
  /** By performance.now(): a clock that is set must neither end connections nor keep them from being looked after. */
  #lastSentAt: number;
  #lastHeardAt: number;
  #wasCongested = false;
  #isPaused = false;
  #transitionCount = 0;

  constructor(socket: WebSocket, options: { limits: SyncLimits; splitsTransitions: boolean }) {
    this.#socket = socket;
    this.#limits = options.limits;
    this.#splitsTransitions = options.splitsTransitions;
    this.#lastSentAt = this.#lastHeardAt = performance.now();
  }

  listen(events: ConnectionEvents): void {
    const heard = () => {
      this.#lastHeardAt = performance.now();
    };
    this.#socket.on("message", (data, isBinary) => {
      heard();
      if (isBinary) this.close(1003, "TextFramesOnly");
      else if (this.isOpen) events.onText(toText(data));
    });
    this.#socket.on("ping", heard);
    this.#socket.on("pong", heard);
    // `ws` closes the socket itself after an error; without a listener it would end the process.
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => events.onClose());
    this.#onDrain = () => events.onDrain();
  }

  #onDrain: () => void = () => undefined;

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** True while the client does not keep up: send nothing that can wait. onDrain tells when it has caught up. */
  get isCongested(): boolean {
    const isCongested = this.#socket.bufferedAmount > this.#limits.congestedBytes;
    if (isCongested) this.#wasCongested = true;
    return isCongested;
  }

  send(text: string): void {
    if (!this.isOpen) return;
    this.#lastSentAt = performance.now();
    this.#socket.send(text, this.#afterSend);
    if (this.#socket.bufferedAmount > this.#limits.maxUnsentBytes) this.#socket.terminate();
  }

  sendTransition(text: string): void {
    if (!this.#splitsTransitions || text.length <= this.#limits.chunkLength) {
      this.send(text);
      return;
    }
    const transitionId = String(this.#transitionCount++);
    for (const chunk of transitionChunks(text, this.#limits.chunkLength, transitionId)) {
      this.send(chunk);
    }
  }

  /** Stops or goes on reading, so that a client that asks faster than we answer waits in its own memory. */
  setPaused(isPaused: boolean): void {
    if (isPaused === this.#isPaused || !this.isOpen) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#socket.pause();
    else this.#socket.resume();
    this.#lastHeardAt = performance.now();
  }

  /** Pings the peer; ends the socket if it has been silent for too long. To be called every `sweepEveryMs`. */
  sweep(): void {
    const now = performance.now();
    if (!this.#isPaused && now - this.#lastHeardAt > this.#limits.deadAfterMs) {
      this.#socket.terminate();
      return;
    }
    if (!this.isOpen) return;
    this.#socket.ping();
    if (now - this.#lastSentAt >= this.#limits.pingAfterMs) this.send(PING);
  }

  close(code?: number, reason?: string): void {
    this.setPaused(false);
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  readonly #afterSend = (): void => {
    if (!this.#wasCongested || this.isCongested) return;
    this.#wasCongested = false;
    this.#onDrain();
  };
}

function toText(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString("utf8");
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return Buffer.from(data).toString("utf8");
}
