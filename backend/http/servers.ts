/** Puts the two HTTP servers of a deployment together. Composition only. */
import { type Server } from "node:http";
import { type Duplex } from "node:stream";
import { type DeployRoute } from "../deploy/route.ts";
import { type Engine } from "../runtime/engine.ts";
import { type Files } from "../runtime/files.ts";
import { type Meters } from "../runtime/meters.ts";
import { type SyncLimits } from "../sync/limits.ts";
import { SyncServer } from "../sync/syncServer.ts";
import { Authentication } from "./authentication.ts";
import { mountDeployRoutes } from "./deployRoutes.ts";
import { fileRoutes } from "./fileRoutes.ts";
import { functionRoutes } from "./functionsApi.ts";
import { HttpActions } from "./httpActions.ts";
import { closeServer, createHttpServer, listen } from "./listening.ts";
import { MainServer } from "./mainServer.ts";
import { metaRoutes } from "./metaRoutes.ts";
import { RequestCounts } from "./metrics/requestCounts.ts";
import { metricsRoute } from "./metrics/route.ts";
import { serverMetrics, type ServerMetricsSources } from "./metrics/serverMetrics.ts";
import { Origins } from "./origins.ts";
import { type Route } from "./route.ts";
import { BuiltPage } from "./page/builtPage.ts";

export type HttpServersOptions = {
  engine: Engine;
  /** `<instance>|<secret>` */
  adminKey: string;
  /** 0 takes any free port. */
  port: number;
  sitePort: number;
  /** The address to bind to; all of them if left out. */
  host?: string;
  /** The folder of the built page; without it there is none. */
  staticDir?: string | null;
  /** Origins of pages that may open sync sockets, besides our own and those of this machine; `*` for all. */
  allowedOrigins?: string[];
  /** Origins that the page may talk to besides its own and the two below; see securityHeaders.ts for the others. */
  connectOrigins?: string[];
  pagePolicy?: string[];
  pageHeaders?: string[];
  deployRoutes?: DeployRoute[];
  /** File storage; without it there is none. */
  files?: Files;
  /** What `/metrics` tells, and the key that opens it; without it there is none. */
  metrics?: { key: string; dataDir: string; meters: Meters };
  /**
   * The public addresses of the two servers, without a slash at the end: CONVEX_CLOUD_URL and CONVEX_SITE_URL. The latter
   * may have a path.
   */
  cloudOrigin: string;
  siteOrigin: string;
  instanceName: string;
  version?: string;
  log: (message: string) => void;
  /** For tests. */
  syncLimits?: Partial<SyncLimits>;
  fetch?: typeof globalThis.fetch;
  now?: () => number;
};

export type HttpServers = {
  /** Rejects with a one-line error if a port cannot be opened; then none is open. */
  listen(): Promise<{ port: number; sitePort: number }>;
  /** Sends sync clients away, lets requests finish for a moment, resolves when both ports are closed. */
  close(): Promise<void>;
};

const CLOSE_GRACE_MS = 5_000;

export function createHttpServers(options: HttpServersOptions): HttpServers {
  const { engine, log, siteOrigin, cloudOrigin } = options;
  const authentication = createAuthentication(options);
  const httpActions = new HttpActions({
    engine,
    authentication,
    siteOrigin: new URL(siteOrigin).origin,
    log,
  });
  const sync = new SyncServer({
    engine,
    authenticator: authentication,
    log,
    ...(options.syncLimits ? { limits: options.syncLimits } : {}),
    ...(options.now ? { now: options.now } : {}),
  });
  const pageHeaders = {
    connectOrigins: [cloudOrigin, siteOrigin, ...(options.connectOrigins ?? [])],
    policy: options.pagePolicy ?? [],
    headers: options.pageHeaders ?? [],
  };
  const requests = new RequestCounts();
  const main = new MainServer({
    routes: [
      ...metaRoutes({
        instanceName: options.instanceName,
        version: options.version ?? "embedded",
      }),
      ...functionRoutes(engine, authentication),
      ...metricsRoutes(options.metrics, { authentication, requests, sync }),
      ...(options.files ? fileRoutes(options.files) : []),
      ...mountDeployRoutes(options.deployRoutes ?? [], authentication),
    ],
    httpActions,
    page: options.staticDir ? new BuiltPage(options.staticDir, pageHeaders) : null,
    log,
  });
  const mainServer = createHttpServer((request, response) => main.handle(request, response));
  const siteServer = createHttpServer((request, response) =>
    httpActions.handle(request, response, request.url ?? "/"),
  );
  requests.follow("main", mainServer);
  requests.follow("site", siteServer);
  const origins = new Origins([cloudOrigin, siteOrigin, ...(options.allowedOrigins ?? [])]);
  acceptSync(mainServer, sync, origins, log);
  return {
    listen: () => openBoth(mainServer, siteServer, options),
    close: async () => {
      authentication.close();
      await Promise.all([
        sync.close(),
        closeServer(mainServer, CLOSE_GRACE_MS),
        closeServer(siteServer, CLOSE_GRACE_MS),
      ]);
    },
  };
}

function metricsRoutes(
  metrics: HttpServersOptions["metrics"],
  {
    authentication,
    ...sources
  }: Omit<ServerMetricsSources, "dataDir" | "meters"> & {
    authentication: Authentication;
  },
): Route[] {
  if (metrics === undefined) return [];
  const families = () => serverMetrics({ ...metrics, ...sources });
  return [metricsRoute({ metricsKey: metrics.key, authentication, families })];
}

function createAuthentication(options: HttpServersOptions): Authentication {
  const { engine, adminKey, siteOrigin } = options;
  return new Authentication({
    engine,
    adminKey,
    siteOrigin,
    ...(options.fetch ? { fetch: options.fetch } : {}),
    ...(options.now ? { now: options.now } : {}),
  });
}

function acceptSync(
  server: Server,
  sync: SyncServer,
  origins: Origins,
  log: (message: string) => void,
): void {
  const refuse = (socket: Duplex, status: string) =>
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (!origins.admits(request)) {
      const origin = JSON.stringify(request.headers.origin?.slice(0, 200));
      log(`Refused a sync socket of a page from ${origin}. --allow-origin would let it in.`);
      refuse(socket, "403 Forbidden");
    } else if (!sync.handleUpgrade(request, socket, head)) refuse(socket, "404 Not Found");
  });
}

async function openBoth(
  mainServer: Server,
  siteServer: Server,
  { port, sitePort, host }: HttpServersOptions,
): Promise<{ port: number; sitePort: number }> {
  const openedPort = await listen(mainServer, port, host);
  try {
    return { port: openedPort, sitePort: await listen(siteServer, sitePort, host) };
  } catch (error) {
    await closeServer(mainServer, 0);
    throw error;
  }
}
