/** The backend process: composes its parts, prints one JSON line when it is ready, ends cleanly on a signal. */
import { INSTANCE_NAME, prepareDataDir, readAdminKey, readMetricsKey } from "./dataDir.ts";
import { refuseHalfRestored } from "./deploy/backup/restore.ts";
import { deployRoutes } from "./deploy/routes.ts";
import { AdminWork } from "./deploy/adminWork.ts";
import { createHttpServers } from "./http/servers.ts";
import { createLog } from "./log.ts";
import { readOptions } from "./options.ts";
import { Files } from "./runtime/files.ts";
import { Meters } from "./runtime/meters.ts";
import { Supervisor } from "./runtime/supervisor.ts";
import { lockDataDir } from "./store/dataLock.ts";

const CLOSE_LIMIT_MS = 60_000;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  const dataDir = prepareDataDir(options.dataDir);
  lockDataDir(dataDir);
  refuseHalfRestored(dataDir);
  const cloudOrigin = options.cloudOrigin ?? `http://localhost:${options.port}`;
  const siteOrigin = options.siteOrigin ?? `http://localhost:${options.sitePort}`;
  const log = createLog(options.logFormat, (text) => process.stderr.write(text));
  const meters = new Meters();
  const supervisor = new Supervisor({
    dataDir,
    deploymentName: INSTANCE_NAME,
    systemEnvironment: { CONVEX_CLOUD_URL: cloudOrigin, CONVEX_SITE_URL: siteOrigin },
    limits: options.limits,
    meters,
    log: log.line,
  });
  const adminWork = new AdminWork(supervisor, dataDir, log.line);
  const servers = createHttpServers({
    engine: supervisor,
    adminKey: readAdminKey(dataDir),
    port: options.port,
    sitePort: options.sitePort,
    ...(options.host === null ? {} : { host: options.host }),
    staticDir: options.staticDir,
    pagePolicy: options.pagePolicy,
    pageHeaders: options.pageHeaders,
    allowedOrigins: options.allowedOrigins,
    deployRoutes: deployRoutes({ supervisor, adminWork, dataDir, cloudOrigin, siteOrigin }),
    files: new Files(supervisor, dataDir),
    metrics: { key: readMetricsKey(dataDir), dataDir, meters },
    cloudOrigin,
    siteOrigin,
    instanceName: INSTANCE_NAME,
    log: log.line,
  });
  supervisor.onLog(log.entry);
  await supervisor.start();
  await adminWork.recover();
  await servers.listen();
  let closing = false;
  const close = () => {
    if (closing) return;
    closing = true;
    // What was accepted is given time to finish; what hangs is not waited for. Nothing that was answered is lost.
    setTimeout(() => process.exit(1), CLOSE_LIMIT_MS).unref();
    void servers
      .close()
      .then(() => supervisor.close())
      .then(() => process.exit(0));
  };
  process.on("SIGINT", close);
  process.on("SIGTERM", close);
  // Only with a parent that opened a channel: when it is gone, however it went, nobody would ever stop us.
  process.on("disconnect", close);
  // Last, since whoever reads it may stop us at once.
  process.stdout.write(
    `${JSON.stringify({ ready: true, url: cloudOrigin, siteUrl: siteOrigin })}\n`,
  );
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  const isFull = text.startsWith("ENOSPC");
  process.stderr.write(`${isFull ? "The disk is full. Free some space first." : text}\n`);
  process.exit(1);
});
