/**
 * Fetches the documents of OpenID providers. Those of our own issuer are made by the deployment's own HTTP actions and
 * are asked for in process: the public address may not be reachable from here, and needs no network.
 */
import { type Engine } from "../../runtime/engine.ts";
import { type FetchJson } from "./keySets.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

export function createFetchJson(options: {
  engine: Engine;
  siteOrigin: string;
  fetch: typeof globalThis.fetch;
}): FetchJson {
  const ownPrefix = `${options.siteOrigin}/`;
  // Behind a proxy it may have a path, of which HTTP actions know nothing.
  const own = (url: string) =>
    new URL(options.siteOrigin).origin + url.slice(options.siteOrigin.length);
  return async (url) => {
    const text = url.startsWith(ownPrefix)
      ? await fetchFromEngine(options.engine, own(url))
      : await fetchFromNetwork(options.fetch, url);
    return JSON.parse(text) as unknown;
  };
}

async function fetchFromEngine(engine: Engine, url: string): Promise<string> {
  const headers: [string, string][] = [["accept", "application/json"]];
  const request = { method: "GET", url, headers, body: null, identity: null };
  const { status, body } = await engine.httpAction(request);
  if (status !== 200) throw new Error(`${url} answered ${status}.`);
  return Buffer.from(body).toString("utf8");
}

async function fetchFromNetwork(fetch: typeof globalThis.fetch, url: string): Promise<string> {
  const response = await fetch(url, {
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) break;
    size += part.value.length;
    if (size > MAX_BYTES) {
      await reader?.cancel();
      throw new Error(`${url} answered with more than ${MAX_BYTES} bytes.`);
    }
    parts.push(part.value);
  }
  return Buffer.concat(parts).toString("utf8");
}
