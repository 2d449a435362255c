/**
 * One POST over node:http(s), adapted to the small port that the client needs. Not fetch: its machinery alone would
 * take a third of the memory that an agent may use. Follows no redirect and keeps the connection for the next time.
 */
import type http from "node:http";
import type https from "node:https";
import { http as plain } from "./builtins.ts";
import type { HttpPost, PostAnswer, PostRequest } from "./client.ts";

/** More than any answer of ours; what is longer comes from somebody else. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** A poster with its own connection, kept alive between heartbeats. */
export function createHttpPost(): HttpPost {
  let kept: { agent: http.Agent; open: typeof http.request } | null = null;
  return async (request) => {
    const url = new URL(request.url);
    kept ??= await transportFor(url.protocol);
    const { agent, open } = kept;
    const options = optionsOf(request);
    try {
      return await send(request, () => open(url, { ...options, agent }));
    } catch (error) {
      // The server closed the kept connection just as we used it: nothing was read, so once more on a new one.
      if (!(error instanceof StaleConnection)) throw error;
      return await send(request, () => open(url, { ...options, agent: false }));
    }
  };
}

/** All requests of one agent go to one server. What TLS needs is loaded only where it is used: it is 5 MB. */
async function transportFor(
  protocol: string,
): Promise<{ agent: http.Agent; open: typeof http.request }> {
  const keep = { keepAlive: true, maxSockets: 1 };
  if (protocol !== "https:") return { agent: new plain.Agent(keep), open: plain.request };
  const secure: typeof https = (await import("node:https")).default;
  return { agent: new secure.Agent(keep), open: secure.request };
}

class StaleConnection extends Error {}

function optionsOf({ headers, body, signal }: PostRequest): http.RequestOptions {
  const length = String(Buffer.byteLength(body));
  return { method: "POST", headers: { ...headers, "content-length": length }, signal };
}

async function send(request: PostRequest, open: () => http.ClientRequest): Promise<PostAnswer> {
  return await new Promise((resolve, reject) => {
    const outgoing = open();
    outgoing.on("error", (error) => {
      const isStale = outgoing.reusedSocket && "code" in error && error.code === "ECONNRESET";
      reject(isStale ? new StaleConnection() : abortReason(error, request.signal));
    });
    outgoing.on("response", (response) => {
      readText(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        (error: unknown) => reject(abortReason(error, request.signal)),
      );
    });
    outgoing.end(request.body);
  });
}

async function readText(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_ANSWER_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Node says only "aborted"; why it was aborted is what the log needs. */
function abortReason(error: unknown, signal: AbortSignal): Error {
  const reason: unknown = signal.aborted ? signal.reason : error;
  return reason instanceof Error ? reason : new Error(String(reason));
}
