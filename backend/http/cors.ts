/** Lets pages of any origin use the API: it is authenticated by headers, never by cookies. */
import { type IncomingMessage, type ServerResponse } from "node:http";

const METHODS = "GET, POST, OPTIONS, PATCH, DELETE, PUT";
const MAX_AGE_SECONDS = "86400";

export function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-allow-credentials", "true");
  response.setHeader("vary", "Origin");
}

/** Answers the question that browsers ask before the request itself. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const headers = request.headers["access-control-request-headers"];
  response.setHeader("access-control-allow-methods", METHODS);
  response.setHeader("access-control-max-age", MAX_AGE_SECONDS);
  if (headers !== undefined) response.setHeader("access-control-allow-headers", headers);
  response.writeHead(200, { "content-length": 0 });
  response.end();
}
