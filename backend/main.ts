/** The backend process: composes its parts, prints one JSON line when it is ready, ends cleanly on a signal. */
import { INSTANCE_NAME, prepareDataDir, readAdminKey } from "./dataDir.ts";
import { deployRoutes } from "./deploy/routes.ts";
import { AdminWork } from "./deploy/adminWork.ts";
import { createHttpServers } from "./http/servers.ts";
import { readOptions } from "./options.ts";
import { Files } from "./runtime/files.ts";
import { Supervisor } from "./runtime/supervisor.ts";
import { lockDataDir } from "./store/dataLock.ts";

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  const dataDir = prepareDataDir(options.dataDir);
  lockDataDir(dataDir);
  const cloudOrigin = options.cloudOrigin ?? `http://localhost:${options.port}`;
  const siteOrigin = options.siteOrigin ?? `http://localhost:${options.sitePort}`;
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const supervisor = new Supervisor({
    dataDir,
    deploymentName: INSTANCE_NAME,
    systemEnvironment: { CONVEX_CLOUD_URL: cloudOrigin, CONVEX_SITE_URL: siteOrigin },
    limits: options.limits,
    log,
  });
  const adminWork = new AdminWork(supervisor, dataDir);
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
    cloudOrigin,
    siteOrigin,
    instanceName: INSTANCE_NAME,
    log,
  });
  supervisor.onLog(({ identifier, udfType, logLines, error }) => {
    for (const line of logLines) log(`${udfType} ${identifier}: ${line}`);
    if (error !== null) log(`${udfType} ${identifier} failed: ${error}`);
  });
  await supervisor.start();
  await adminWork.recover();
  await servers.listen();
  let closing = false;
  const close = () => {
    if (closing) return;
    closing = true;
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
