/** Mounts the CLI endpoints: access, body and answer here, the rest in deploy/. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type DeployResponse, type DeployRoute } from "../deploy/route.ts";
import { AuthenticationError } from "../sync/authenticator.ts";
import { type Authentication } from "./authentication.ts";
import { readBody, readJson } from "./requestBody.ts";
import { type Exchange, type Route } from "./route.ts";
import { sendJson } from "./send.ts";

/** A push holds all modules with their source maps, unpacked. */
const BODY_LIMIT_BYTES = 256 * 1024 * 1024;
const NO_BYTES = new Uint8Array(0);

export const mountDeployRoutes = (routes: DeployRoute[], authentication: Authentication): Route[] =>
  routes.map((route) => ({
    method: route.method,
    path: route.path,
    handle: (exchange) => handle(route, exchange, authentication),
  }));

async function handle(
  route: DeployRoute,
  { request, response, query, rest }: Exchange,
  authentication: Authentication,
): Promise<void> {
  // Before the body is read, so that a stranger cannot have us unpack a large one.
  if (route.access !== "anyone") {
    await requireAdmin(authentication, request.headers.authorization);
  }
  const takesBytes = route.takes === "bytes";
  const bytes = takesBytes ? await readBody(request, BODY_LIMIT_BYTES) : NO_BYTES;
  const body = takesBytes ? undefined : await readJson(request, BODY_LIMIT_BYTES);
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const answer = await route.handler({
    method: route.method,
    rest,
    query: new URLSearchParams(query),
    headers: request.headers,
    body,
    bytes,
    signal: gone.signal,
  });
  await send(response, answer);
}

async function requireAdmin(
  authentication: Authentication,
  header: string | undefined,
): Promise<void> {
  const { caller } = await authentication.fromHeader(header);
  if (caller.kind === "admin") return;
  const text = "This request needs the admin key of this deployment.";
  throw new AuthenticationError("AuthorizationMissing", text);
}

async function send(response: Exchange["response"], answer: DeployResponse): Promise<void> {
  if (response.destroyed) {
    if ("file" in answer) answer.sent?.();
    return;
  }
  const status = answer.status ?? 200;
  if ("json" in answer) {
    sendJson(response, status, JSON.stringify(answer.json) ?? "null");
    return;
  }
  if ("file" in answer) {
    const { size } = await stat(answer.file);
    response.writeHead(status, { ...answer.headers, "content-length": size });
    // A client that goes away in between is no error of ours.
    await pipeline(createReadStream(answer.file), response).catch(() => response.destroy());
    answer.sent?.();
    return;
  }
  response.writeHead(status, { ...answer.headers, "content-length": answer.bytes.length });
  response.end(answer.bytes);
}
