/**
 * HTTP actions: any request of the site server, and those under `/http` of the main one, handed to the engine. This is the
 * path of every heartbeat: nothing is parsed, matched or copied that need not be.
 */
import { type IncomingMessage, type ServerResponse } from "node:http";
import { type Engine, type UserIdentity } from "../runtime/engine.ts";
import { type Authentication } from "./authentication.ts";
import { badRequest, sendError } from "./httpError.ts";
import { readBody } from "./requestBody.ts";

const BODY_LIMIT_BYTES = 20 * 1024 * 1024;
/** Different Host headers that are remembered as valid. More than a server has names. */
const MAX_HOSTS = 100;
/** A name or address with or without a port: what can be put in front of a path without changing its meaning. */
const HOST = /^(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;
/** Ours to set: they describe the connection or the length, not the answer. */
const CONNECTION_HEADERS = new Set(
  "connection content-length keep-alive transfer-encoding upgrade".split(" "),
);

export type HttpActionsOptions = {
  engine: Engine;
  authentication: Authentication;
  /** Used where a request does not say which host it is for. */
  siteOrigin: string;
  log: (message: string) => void;
};

export class HttpActions {
  readonly #options: HttpActionsOptions;
  readonly #validHosts = new Set<string>();

  constructor(options: HttpActionsOptions) {
    this.#options = options;
  }

  /** `target` is the path with the query, as the router of the deployment is to see it. */
  handle(request: IncomingMessage, response: ServerResponse, target: string): void {
    const { authentication, log } = this.#options;
    const identity = authentication.identityForHttpAction(request.headers.authorization);
    const isPlain = identity === null && !hasBody(request);
    const exchange = isPlain
      ? this.#run(request, response, target, null, null)
      : this.#gather(request, response, target, identity);
    exchange.catch((error: unknown) => sendError(response, error, log));
  }

  async #gather(
    request: IncomingMessage,
    response: ServerResponse,
    target: string,
    identity: null | Promise<UserIdentity | null>,
  ): Promise<void> {
    // The body first: it must be listened to before anything is awaited.
    const reading = hasBody(request) ? readBody(request, BODY_LIMIT_BYTES) : null;
    const [body, who] = await Promise.all([reading, identity]);
    await this.#run(request, response, target, body, who);
  }

  async #run(
    request: IncomingMessage,
    response: ServerResponse,
    target: string,
    body: Uint8Array | null,
    identity: UserIdentity | null,
  ): Promise<void> {
    const answer = await this.#options.engine.httpAction({
      method: request.method ?? "GET",
      url: this.#originOf(request) + target,
      headers: headerPairs(request.rawHeaders),
      body,
      identity,
    });
    const headers: string[] = [];
    for (const [name, value] of answer.headers) {
      if (!CONNECTION_HEADERS.has(name.toLowerCase())) headers.push(name, value);
    }
    if (answer.status !== 204 && answer.status !== 304) {
      headers.push("content-length", String(answer.body.length));
    }
    response.writeHead(answer.status, headers);
    response.end(answer.body);
  }

  /** Scheme and host as the client used them, also behind a proxy. */
  #originOf(request: IncomingMessage): string {
    const { host } = request.headers;
    if (host === undefined || host === "") return this.#options.siteOrigin;
    if (!this.#validHosts.has(host)) this.#checkHost(host);
    return `${forwardedProto(request)}://${host}`;
  }

  #checkHost(host: string): void {
    if (!HOST.test(host) || !URL.canParse(`http://${host}`)) {
      throw badRequest("BadHost", "The Host header is not a host.");
    }
    if (this.#validHosts.size >= MAX_HOSTS) this.#validHosts.clear();
    this.#validHosts.add(host);
  }
}

function hasBody({ method, headers }: IncomingMessage): boolean {
  if (method === "GET" || method === "HEAD") return false;
  const length = headers["content-length"];
  return length === undefined ? headers["transfer-encoding"] !== undefined : length !== "0";
}

function forwardedProto({ headers, socket }: IncomingMessage): "http" | "https" {
  const forwarded = headers["x-forwarded-proto"];
  if (forwarded === undefined) {
    const standard = headers.forwarded;
    if (standard !== undefined) return standard.includes("proto=https") ? "https" : "http";
    return "encrypted" in socket && socket.encrypted ? "https" : "http";
  }
  // A chain of proxies writes a list, the one next to the client first.
  const first = Array.isArray(forwarded) ? forwarded[0] : forwarded;
  return first?.startsWith("https") ? "https" : "http";
}

function headerPairs(rawHeaders: string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? "", rawHeaders[index + 1] ?? ""]);
  }
  return pairs;
}
