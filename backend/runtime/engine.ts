/**
 * The port between the main thread (sockets, HTTP) and everything that executes: what sync/, deploy/ and http/ may
 * ask for. It says nothing of threads; runtime/supervisor.ts implements it over the executor and the action workers.
 *
 * Values cross it as Convex-encoded JSON **text** (`$integer`, `$bytes`, `$float`), so that a value that is only passed
 * through is never parsed.
 */

/** The claims of a verified JWT, as `ctx.auth.getUserIdentity()` returns them. */
export type UserIdentity = {
  tokenIdentifier: string;
  issuer: string;
  subject: string;
  [claim: string]: unknown;
};

/** Who calls. Only an admin reaches internal functions, components and `_system/*`. */
export type Caller =
  | { kind: "user"; identity: UserIdentity | null }
  | { kind: "admin"; identity: UserIdentity | null };

export type FunctionType = "query" | "mutation" | "action";

/** One function call. `path` is `"module/path:export"`; `args` is the JSON text of the single argument object. */
export type FunctionCall = {
  path: string;
  componentPath?: string;
  args: string;
  caller: Caller;
};

export type RunRequest = FunctionCall & {
  /** "any" runs whatever the path names (`POST /api/function`). */
  type: FunctionType | "any";
  /** Present on mutations of a sync client: the write is done once for each (session, request). */
  session?: { sessionId: string; requestId: number };
};

/** `ts` is the commit timestamp (mutation) or the snapshot (query), in ns since the epoch; 0n for actions. */
export type FunctionOutcome =
  | { ok: true; value: string; ts: bigint; logLines: string[] }
  | { ok: false; errorMessage: string; errorData?: string; logLines: string[] };

export type QueryOutcome =
  | { ok: true; value: string; logLines: string[]; journal: string | null }
  | {
      ok: false;
      errorMessage: string;
      errorData?: string;
      logLines: string[];
      journal: string | null;
    };

export type WatchId = number;

/**
 * One durable step of the database as watchers see it. Updates arrive in order; after one with timestamp T every watch
 * has the result that it would have in a snapshot at T. `changed` holds only results that differ from the last one
 * published for that watch (and the first result of a new watch).
 */
export type WatchUpdate = { ts: bigint; changed: ReadonlyMap<WatchId, QueryOutcome> };

export type HttpRequest = {
  method: string;
  /** Absolute, with the host and protocol that the client used. */
  url: string;
  headers: [string, string][];
  body: Uint8Array | null;
  identity: UserIdentity | null;
};
export type HttpResponse = { status: number; headers: [string, string][]; body: Uint8Array };

/** What a query or mutation read and wrote, in documents and in bytes of their JSON. */
export type Usage = {
  readDocuments: number;
  readBytes: number;
  writtenDocuments: number;
  writtenBytes: number;
};

/** An entry of the function log (`convex logs`, `convex dev`). */
export type LogEntry = {
  kind: "Completion" | "Progress";
  identifier: string;
  componentPath: string | null;
  udfType: "Query" | "Mutation" | "Action" | "HttpAction";
  logLines: string[];
  timestamp: number;
  executionTimeMs: number;
  requestId: string;
  error: string | null;
  identityType: string;
  /** Null for actions. */
  usage: Usage | null;
};

/** A provider of auth.config.ts as the push evaluated it. */
export type AuthProvider =
  | { type?: "oidc"; domain: string; applicationID: string }
  | {
      type: "customJwt";
      issuer: string;
      jwks: string;
      algorithm: "RS256" | "ES256";
      applicationID: string | null;
    };

export type Engine = {
  /** Runs one function. Rejects only with EngineError; an error of the function itself is an outcome. */
  run(request: RunRequest): Promise<FunctionOutcome>;
  /** Starts watching a query. Its first result comes with a later update, also when nothing is ever written. */
  watch(query: FunctionCall & { journal?: string | null }): WatchId;
  unwatch(id: WatchId): void;
  /** Announces updates, also those without changes, one for each group of commits. Returns its undo. */
  onUpdate(listener: (update: WatchUpdate) => void): () => void;
  /** The timestamp of the last published update. */
  currentTs(): bigint;
  httpAction(request: HttpRequest): Promise<HttpResponse>;
  authProviders(): AuthProvider[];
  /** Announces that code, environment or auth providers changed. Watches are re-run by the engine itself. */
  onDeploymentChange(listener: () => void): () => void;
  /** Announces log entries as functions complete. */
  onLog(listener: (entry: LogEntry) => void): () => void;
};

/** The engine could not run the function at all (not the function's own failure). Maps to a transport error. */
export class EngineError extends Error {
  readonly code: string;
  readonly httpStatus: number;
  constructor(code: string, message: string, httpStatus = 503) {
    super(message);
    this.name = "EngineError";
    this.code = code;
    this.httpStatus = httpStatus;
  }
}
