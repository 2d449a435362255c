/** What this server says of itself. */
import { readBody } from "./requestBody.ts";
import { type Route } from "./route.ts";
import { sendText } from "./send.ts";

const ECHO_LIMIT_BYTES = 128 * 1024 * 1024;
const EVENT_LIMIT_BYTES = 64 * 1024;

export function metaRoutes(options: { instanceName: string; version: string }): Route[] {
  const text = (path: string, body: string): Route => ({
    method: "GET",
    path,
    handle: async ({ response }) => sendText(response, 200, body),
  });
  return [
    text("/version", options.version),
    text("/instance_version", options.version),
    text("/instance_name", options.instanceName),
    // `convex network-test` measures with it.
    {
      method: "POST",
      path: "/echo",
      handle: async ({ request, response }) => {
        const body = await readBody(request, ECHO_LIMIT_BYTES);
        response.writeHead(200, { "content-length": body.length }).end(body);
      },
    },
    // Clients with reportDebugInfoToConvex tell of long disconnects. Nobody here reads it.
    {
      method: "POST",
      path: "/api/debug_event",
      handle: async ({ request, response }) => {
        await readBody(request, EVENT_LIMIT_BYTES);
        sendText(response, 200, "");
      },
    },
  ];
}
