/**
 * A stand-in for ConvexReactClient that answers from values a test sets. The page runs unchanged on the real hooks of
 * convex/react and @convex-dev/auth: only the socket is missing.
 */
import { type ConvexReactClient } from "convex/react";
import { type FunctionReference, getFunctionName } from "convex/server";

export type Args = Record<string, unknown>;
type Answer = (args: Args) => unknown;
type AnyReference = FunctionReference<"query" | "mutation" | "action">;

interface FakeConnection {
  isWebSocketConnected: boolean;
  hasEverConnected: boolean;
  connectionRetries: number;
}

const address = "https://backend.test";
/** Every page makes this call by itself: only a test that is about it hears of it. */
const describeSession = "sessions:describe";
const jwtKey = "__convexAuthJWT_httpsbackendtest";

export class FakeConvex {
  readonly address = address;
  readonly logger = { log() {}, warn() {}, error() {}, logVerbose() {} };
  /** Every mutation and action that the page made, in order. */
  readonly calls: { name: string; args: Args }[] = [];

  /** What the page asked for ahead of a subscription, in order. */
  readonly prewarmed: { name: string; args: Args }[] = [];

  #answers = new Map<string, Answer>();
  #results = new Map<string, { value: unknown } | { error: unknown }>();
  #listeners = new Map<string, Set<() => void>>();
  #handlers = new Map<string, Answer>();
  #connectionListeners = new Set<(state: unknown) => void>();
  #connection: FakeConnection = {
    isWebSocketConnected: true,
    hasEverConnected: true,
    connectionRetries: 0,
  };
  #authChanged: ((isAuthenticated: boolean) => void) | undefined;

  /** Sets what a query answers, now and to whoever is subscribed. A function may throw. */
  answer(name: string, answer: unknown): void {
    this.#answers.set(name, typeof answer === "function" ? (answer as Answer) : () => answer);
    for (const [token, listeners] of this.#listeners) {
      if (!token.startsWith(`${name} `)) continue;
      this.#results.delete(token);
      for (const listener of [...listeners]) listener();
    }
    for (const token of this.#results.keys()) {
      if (token.startsWith(`${name} `)) this.#results.delete(token);
    }
  }

  /** Sets what a mutation or action does. */
  handle(name: string, handler: Answer): void {
    this.#handlers.set(name, handler);
  }

  /** Whether anybody is subscribed to the query. */
  isWatched(name: string): boolean {
    return [...this.#listeners].some(
      ([token, set]) => token.startsWith(`${name} `) && set.size > 0,
    );
  }

  /** Changes the state of the connection, as when the socket breaks. */
  connect(state: Partial<FakeConnection>): void {
    this.#connection = { ...this.#connection, ...state };
    for (const listener of this.#connectionListeners) listener(this.connectionState());
  }

  /** The server gives up the session, as after its deletion. */
  expireSession(): void {
    localStorage.removeItem(jwtKey);
    this.#authChanged?.(false);
    dispatchEvent(
      new StorageEvent("storage", { key: jwtKey, newValue: null, storageArea: localStorage }),
    );
  }

  /** A stored token, as after an earlier visit. */
  static storeSession(): void {
    localStorage.setItem(jwtKey, "token");
  }

  asClient(): ConvexReactClient {
    return this as unknown as ConvexReactClient;
  }

  watchQuery(reference: AnyReference, args: Args = {}) {
    const name = getFunctionName(reference);
    const token = `${name} ${JSON.stringify(args)}`;
    return {
      onUpdate: (listener: () => void) => {
        const listeners = this.#listeners.get(token) ?? new Set();
        this.#listeners.set(token, listeners.add(listener));
        // As with a socket: the answer comes after the subscription, never within it.
        setTimeout(listener, 0);
        return () => {
          listeners.delete(listener);
          if (listeners.size === 0) this.#results.delete(token);
        };
      },
      localQueryResult: () => this.#read(name, token, args),
      journal: () => undefined,
    };
  }

  prewarmQuery({ query, args }: { query: AnyReference; args: Args }): void {
    this.prewarmed.push({ name: getFunctionName(query), args });
  }

  /** A question that is asked once. */
  async query(reference: AnyReference, args: Args = {}): Promise<unknown> {
    const name = getFunctionName(reference);
    const answer = this.#answers.get(name);
    if (answer === undefined) throw new Error(`The test does not answer ${name}`);
    return answer(args);
  }

  async mutation(reference: AnyReference, args: Args = {}): Promise<unknown> {
    return this.#run(getFunctionName(reference), args);
  }

  async action(reference: AnyReference | string, args: Args = {}): Promise<unknown> {
    return this.#run(typeof reference === "string" ? reference : getFunctionName(reference), args);
  }

  connectionState() {
    return {
      ...this.#connection,
      hasInflightRequests: false,
      timeOfOldestInflightRequest: null,
      connectionCount: 1,
      inflightMutations: 0,
      inflightActions: 0,
    };
  }

  subscribeToConnectionState(listener: (state: unknown) => void) {
    this.#connectionListeners.add(listener);
    return () => this.#connectionListeners.delete(listener);
  }

  setAuth(
    fetchToken: (options: { forceRefreshToken: boolean }) => Promise<string | null>,
    onChange: (isAuthenticated: boolean) => void,
  ): void {
    this.#authChanged = onChange;
    void fetchToken({ forceRefreshToken: false }).then((token) => onChange(token !== null));
  }

  clearAuth(): void {
    this.#authChanged = undefined;
  }

  #read(name: string, token: string, args: Args): unknown {
    const answer = this.#answers.get(name);
    if (answer === undefined || (this.#listeners.get(token)?.size ?? 0) === 0) return undefined;
    let result = this.#results.get(token);
    if (result === undefined) {
      try {
        result = { value: answer(args) };
      } catch (error) {
        result = { error };
      }
      this.#results.set(token, result);
    }
    if ("error" in result) throw result.error;
    return result.value;
  }

  async #run(name: string, args: Args): Promise<unknown> {
    if (name === describeSession && !this.#handlers.has(name)) return null;
    this.calls.push({ name, args });
    const handler = this.#handlers.get(name);
    if (handler === undefined) throw new Error(`The test does not handle ${name}`);
    return handler(args);
  }
}
