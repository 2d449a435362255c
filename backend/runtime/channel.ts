/**
 * A message port that sends what is posted in one turn as one array: under load a thread is woken once for many messages.
 */
import type { MessagePort } from "node:worker_threads";

export type PortLike = {
  postMessage(value: unknown, transfer?: readonly MessagePort[]): void;
  on(event: "message", listener: (value: unknown) => void): unknown;
};

export class Channel<Out, In> {
  readonly #port: PortLike;
  #outgoing: Out[] = [];
  #armed = false;

  constructor(port: PortLike, receive: (message: In) => void) {
    this.#port = port;
    port.on("message", (batch) => {
      for (const message of batch as In[]) receive(message);
    });
  }

  post(message: Out): void {
    this.#outgoing.push(message);
    if (this.#armed) return;
    this.#armed = true;
    setImmediate(this.#flush);
  }

  /** Sends at once what waits and this, which hands over ports. */
  postWithTransfer(message: Out, transfer: MessagePort[]): void {
    this.#flush();
    this.#port.postMessage([message], transfer);
  }

  /** Sends now; for the moment after a commit, when someone waits. */
  flush(): void {
    this.#flush();
  }

  readonly #flush = (): void => {
    this.#armed = false;
    if (this.#outgoing.length === 0) return;
    const batch = this.#outgoing;
    this.#outgoing = [];
    this.#port.postMessage(batch);
  };
}
