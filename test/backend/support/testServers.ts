/** The two HTTP servers over a FakeEngine on free ports of 127.0.0.1, closed after each test. */
import { afterEach } from "vitest";
import { createHttpServers, type HttpServersOptions } from "../../../backend/http/servers.ts";
import { FakeEngine } from "./fakeEngine.ts";

export const ADMIN_KEY = "testing|0123456789abcdef";
/** Where this deployment would be reached; its own documents are never fetched over a network. */
export const SITE_ORIGIN = "http://site.test";

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Has `close` called at the end of the test, last opened first. */
export function closeLater(close: () => Promise<unknown>): void {
  closing.push(close);
}

export async function startServers(options: Partial<HttpServersOptions> = {}) {
  const engine = options.engine instanceof FakeEngine ? options.engine : new FakeEngine();
  const logged: string[] = [];
  const servers = createHttpServers({
    engine,
    adminKey: ADMIN_KEY,
    port: 0,
    sitePort: 0,
    host: "127.0.0.1",
    cloudOrigin: "http://cloud.test",
    siteOrigin: SITE_ORIGIN,
    instanceName: "testing",
    log: (message) => logged.push(message),
    ...options,
  });
  const { port, sitePort } = await servers.listen();
  closeLater(() => servers.close());
  return {
    engine,
    servers,
    logged,
    port,
    sitePort,
    url: `http://127.0.0.1:${port}`,
    siteUrl: `http://127.0.0.1:${sitePort}`,
  };
}
