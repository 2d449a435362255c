/**
 * The mutations and actions that one socket asked for: mutations one at a time in the order in which they came, actions
 * at once. Whoever answers the client, and when, is the session's business.
 */
import {
  type Caller,
  type Engine,
  EngineError,
  type FunctionOutcome,
  type RunRequest,
} from "../runtime/engine.ts";
import { type ActionRequest, type MutationRequest } from "./clientMessages.ts";

export type RequestEvents = {
  /** False while the client does not keep up with the answers: no further mutation is started. */
  canStart(): boolean;
  onMutation(requestId: number, outcome: FunctionOutcome): void;
  onAction(requestId: number, outcome: FunctionOutcome): void;
  /** A mutation could not be run at all. The client is to reconnect and send it, and those behind it, again. */
  onUnavailable(error: unknown): void;
};

type QueuedMutation = { message: MutationRequest; caller: Caller };

export class FunctionRequests {
  readonly #engine: Engine;
  readonly #events: RequestEvents;
  readonly #maxActions: number;
  #mutations: QueuedMutation[] = [];
  #isRunning = false;
  #isClosed = false;
  #actionCount = 0;
  #sessionId = "";

  constructor(engine: Engine, maxActions: number, events: RequestEvents) {
    this.#engine = engine;
    this.#maxActions = maxActions;
    this.#events = events;
  }

  /** The id that makes mutations exactly-once across reconnects. */
  open(sessionId: string): void {
    this.#sessionId = sessionId;
  }

  get queuedMutations(): number {
    return this.#mutations.length;
  }

  addMutation(message: MutationRequest, caller: Caller): void {
    this.#mutations.push({ message, caller });
    this.resume();
  }

  /** Goes on with the queue, for example after canStart became true. */
  resume(): void {
    if (!this.#isRunning) void this.#runMutations();
  }

  async runAction(message: ActionRequest, caller: Caller): Promise<void> {
    const { requestId } = message;
    if (this.#actionCount >= this.#maxActions) {
      const text = `Too many concurrent actions: a client may run at most ${this.#maxActions}.`;
      this.#events.onAction(requestId, failure(text));
      return;
    }
    this.#actionCount++;
    const outcome = await this.#engine
      .run({ ...call(message, caller), type: "action" })
      .catch((error: unknown) => failure(describe(error)));
    this.#actionCount--;
    if (!this.#isClosed) this.#events.onAction(requestId, outcome);
  }

  /** Forgets what has not been started: the client sends it again when it is back. */
  close(): void {
    this.#isClosed = true;
    this.#mutations = [];
  }

  async #runMutations(): Promise<void> {
    this.#isRunning = true;
    try {
      while (!this.#isClosed && this.#events.canStart()) {
        const next = this.#mutations.shift();
        if (!next) break;
        await this.#runMutation(next);
      }
    } catch (error) {
      if (!this.#isClosed) this.#events.onUnavailable(error);
    } finally {
      this.#isRunning = false;
    }
  }

  async #runMutation({ message, caller }: QueuedMutation): Promise<void> {
    const session = { sessionId: this.#sessionId, requestId: message.requestId };
    const outcome = await this.#engine
      .run({ ...call(message, caller), type: "mutation", session })
      .catch((error: unknown) => {
        // What is wrong with the request itself would be wrong again: only what may pass is worth a reconnect.
        if (error instanceof EngineError && error.httpStatus < 500) return failure(error.message);
        throw error;
      });
    if (!this.#isClosed) this.#events.onMutation(message.requestId, outcome);
  }
}

function call(
  { udfPath, componentPath, args }: MutationRequest | ActionRequest,
  caller: Caller,
): Omit<RunRequest, "type"> {
  return { path: udfPath, args, caller, ...(componentPath ? { componentPath } : {}) };
}

const failure = (errorMessage: string): FunctionOutcome => ({
  ok: false,
  errorMessage,
  logLines: [],
});

const describe = (error: unknown): string =>
  error instanceof EngineError
    ? error.message
    : "Your request couldn't be completed. Try again later.";
