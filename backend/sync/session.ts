/**
 * One client from its first message to its close: the state machine of the sync protocol.
 *
 *   connecting ──Connect──▶ open ──close, fatal error, refused or expired identity──▶ closed
 *
 * Messages are handled strictly in order; while a token is being verified, what follows waits. A transition goes out
 * when every query has a result, to the timestamp of the latest update.
 */
import { type Engine, EngineError } from "../runtime/engine.ts";
import { AuthenticationError, type Authenticator, NOBODY } from "./authenticator.ts";
import {
  type Authenticate,
  type ClientMessage,
  type Connect,
  type ModifyQuerySet,
  parseClientMessage,
  ProtocolError,
} from "./clientMessages.ts";
import { type Connection } from "./connection.ts";
import { FunctionRequests } from "./functionRequests.ts";
import { IdentityExpiry } from "./identityExpiry.ts";
import { type SyncLimits } from "./limits.ts";
import { type Publisher } from "./publisher.ts";
import { QuerySet } from "./querySet.ts";
import * as Say from "./serverMessages.ts";

export type SessionContext = {
  engine: Engine;
  authenticator: Authenticator;
  publisher: Publisher;
  limits: SyncLimits;
  now: () => number;
  log: (message: string) => void;
};

export class Session {
  readonly #context: SessionContext;
  readonly #connection: Connection;
  readonly #queries: QuerySet;
  readonly #requests: FunctionRequests;
  readonly #expiry: IdentityExpiry;
  #phase: "connecting" | "open" | "closed" = "connecting";
  #inbox: { message: ClientMessage; sizeBytes: number }[] = [];
  #inboxBytes = 0;
  #isHandling = false;
  #who = NOBODY;
  #clockSkewMs: number | null = null;
  /** What the client has asked for, and what it has been brought to. */
  #asked = { querySet: 0, identity: 0 };
  #sent: Say.StateVersion = { querySet: 0, identity: 0, ts: 0n };
  /** The timestamp that the client must be shown before its answered mutations resolve, null if none waits. */
  #owedTs: bigint | null = null;

  constructor(connection: Connection, context: SessionContext) {
    this.#context = context;
    this.#connection = connection;
    const { engine, limits, publisher } = context;
    this.#queries = new QuerySet(publisher.watches, limits.maxQueries, () => this.#wake());
    this.#requests = new FunctionRequests(engine, limits.maxConcurrentActions, {
      canStart: () => !connection.isCongested,
      onMutation: (requestId, outcome) => {
        connection.send(Say.functionResponse("MutationResponse", requestId, outcome));
        if (outcome.ok) this.#owe(outcome.ts);
        this.#throttle();
      },
      onAction: (requestId, outcome) =>
        connection.send(Say.functionResponse("ActionResponse", requestId, outcome)),
      onUnavailable: (error) => this.#fail(error),
    });
    this.#expiry = new IdentityExpiry(context.now, () => this.#expire());
    connection.listen({
      onText: (text) => this.#receive(text),
      onDrain: () => {
        this.#requests.resume();
        this.#wake();
      },
      onClose: () => this.#close(),
    });
  }

  /** Brings the client up to date if that is possible and needed. Called by the publisher, at most once a turn. */
  advance(): void {
    if (this.#phase !== "open" || this.#connection.isCongested || !this.#queries.isComplete) return;
    const ts = this.#context.publisher.ts;
    const isOwed = this.#owedTs !== null && ts >= this.#owedTs;
    const { querySet, identity } = this.#asked;
    const isNewVersion = querySet !== this.#sent.querySet || identity !== this.#sent.identity;
    if (!isOwed && !isNewVersion && !this.#queries.hasChanges) return;
    const modifications = this.#queries.takeModifications();
    if (!isOwed && !isNewVersion && modifications.length === 0) return;
    if (isOwed) this.#owedTs = null;
    const end = { querySet, identity, ts };
    this.#connection.sendTransition(
      Say.transition({
        start: this.#sent,
        end,
        modifications,
        clockSkewMs: this.#clockSkewMs,
        nowMs: this.#context.now(),
      }),
    );
    this.#sent = end;
  }

  /** Looks after the socket. To be called every `sweepEveryMs`. */
  sweep(): void {
    this.#connection.sweep();
  }

  /** Sends the client away for now; it comes back by itself. */
  goAway(): void {
    this.#connection.close(1001, "GoingAway");
  }

  terminate(): void {
    this.#connection.terminate();
  }

  get isClosed(): boolean {
    return this.#phase === "closed";
  }

  #wake(): void {
    this.#context.publisher.schedule(this);
  }

  #owe(ts: bigint): void {
    this.#owedTs = this.#owedTs === null || ts > this.#owedTs ? ts : this.#owedTs;
    this.#context.publisher.scheduleAt(this, ts);
  }

  #receive(text: string): void {
    if (this.#phase === "closed") return;
    try {
      const message = parseClientMessage(text);
      this.#inbox.push({ message, sizeBytes: text.length });
      this.#inboxBytes += text.length;
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (!this.#isHandling) void this.#handleInbox();
    this.#throttle();
  }

  async #handleInbox(): Promise<void> {
    this.#isHandling = true;
    try {
      for (;;) {
        const next = this.#inbox.shift();
        if (!next || this.#phase === "closed") break;
        this.#inboxBytes -= next.sizeBytes;
        const waiting = this.#handle(next.message);
        if (waiting) await waiting;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isHandling = false;
      this.#throttle();
    }
  }

  /** A promise only where the next message has to wait. */
  #handle(message: ClientMessage): Promise<void> | null {
    if (message.type === "Connect") return this.#connect(message);
    if (this.#phase === "connecting") {
      throw new ProtocolError(`Received ${message.type} before Connect.`);
    }
    if (message.type !== "Authenticate" && this.#expiry.check()) return null;
    switch (message.type) {
      case "Authenticate":
        return this.#authenticate(message);
      case "ModifyQuerySet":
        this.#modifyQuerySet(message);
        return null;
      case "Mutation":
        this.#requests.addMutation(message, this.#who.caller);
        return null;
      case "Action":
        void this.#requests.runAction(message, this.#who.caller);
        return null;
      case "Event":
        return null;
      default:
        message satisfies never;
        return null;
    }
  }

  #connect({ sessionId, maxObservedTimestamp, clientTs }: Connect): null {
    if (this.#phase !== "connecting") throw new ProtocolError("Received Connect twice.");
    if (maxObservedTimestamp != null && maxObservedTimestamp > this.#context.publisher.latestTs) {
      // It has seen what this database has not (a restored backup): it may not be shown an older world as newer.
      this.#context.log("A sync client has seen a later timestamp than this database has.");
      this.#connection.close(1011, "InternalServerError");
      this.#close();
      return null;
    }
    if (clientTs != null) this.#clockSkewMs = clientTs - this.#context.now();
    this.#requests.open(sessionId);
    this.#phase = "open";
    return null;
  }

  async #authenticate(message: Authenticate): Promise<void> {
    const { baseVersion } = message;
    if (baseVersion !== this.#asked.identity) {
      throw new ProtocolError(
        `Base version ${baseVersion} of Authenticate does not match the current version ${this.#asked.identity}.`,
      );
    }
    try {
      this.#who = await this.#verify(message);
    } catch (error) {
      if (!(error instanceof AuthenticationError)) throw error;
      this.#refuse(Say.authError(error.message, baseVersion, true));
      return;
    }
    if (this.isClosed) return;
    this.#asked.identity = baseVersion + 1;
    this.#expiry.set(this.#who.expiresAt);
    this.#queries.changeCaller(this.#who.caller);
    this.#wake();
  }

  async #verify(message: Authenticate) {
    const { authenticator } = this.#context;
    switch (message.tokenType) {
      case "None":
        return NOBODY;
      case "User":
        return authenticator.user(message.value);
      case "Admin":
        return authenticator.admin(message.value, message.impersonating ?? undefined);
      default:
        return message satisfies never;
    }
  }

  #modifyQuerySet({ baseVersion, newVersion, modifications }: ModifyQuerySet): void {
    if (baseVersion !== this.#asked.querySet || newVersion <= baseVersion) {
      throw new ProtocolError(
        `Versions ${baseVersion} to ${newVersion} of ModifyQuerySet do not follow the current version ${this.#asked.querySet}.`,
      );
    }
    this.#queries.modify(modifications, this.#who.caller);
    this.#asked.querySet = newVersion;
    this.#wake();
  }

  #expire(): void {
    if (this.#phase !== "open") return;
    // The identity did not change, so the client's base version is the one before the version that it is at.
    const baseVersion = Math.max(this.#asked.identity - 1, 0);
    this.#refuse(Say.authError("Token expired", baseVersion, false));
  }

  #refuse(farewell: string): void {
    this.#connection.send(farewell);
    this.#connection.close();
    this.#close();
  }

  #fail(error: unknown): void {
    if (this.isClosed) return;
    if (error instanceof ProtocolError) {
      this.#refuse(Say.fatalError(error.message));
      return;
    }
    const isOverloaded = error instanceof EngineError && error.httpStatus === 503;
    this.#context.log(`A sync session failed: ${error instanceof Error ? error.message : "?"}`);
    if (isOverloaded) this.#connection.close(1013, error.code);
    else this.#connection.close(1011, "InternalServerError");
    this.#close();
  }

  /** Reads no further while too much waits: the client's messages then wait on its side. */
  #throttle(): void {
    const { maxQueuedMutations, maxQueuedBytes } = this.#context.limits;
    this.#connection.setPaused(
      this.#requests.queuedMutations + this.#inbox.length > maxQueuedMutations ||
        this.#inboxBytes > maxQueuedBytes,
    );
  }

  #close(): void {
    if (this.#phase === "closed") return;
    this.#phase = "closed";
    this.#inbox = [];
    this.#inboxBytes = 0;
    this.#expiry.clear();
    this.#requests.close();
    this.#queries.close();
    this.#context.publisher.forget(this);
  }
}
