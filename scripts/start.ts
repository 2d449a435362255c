/** `npm start`: brings everything up and stays in the foreground. Composes, nothing else. */
import { resolve } from "node:path";
import { Children } from "./lib/children.ts";
import { writeEnvFile } from "./lib/envFile.ts";
import { pushIfChanged, startWithVariables } from "./lib/installation.ts";
import { followLocalHost } from "./lib/localHost.ts";
import { startMigrations } from "./lib/migrations.ts";
import { buildPage } from "./lib/page.ts";
import { runInForeground } from "./lib/foreground.ts";
import { readSettings } from "./lib/settings.ts";
import { welcome } from "./lib/welcome.ts";

const root = resolve(import.meta.dirname, "..");
const children = new Children();
const say = (line: string): void => console.log(line);

await runInForeground(children, async () => {
  const settings = readSettings(root, process.env);
  const [backend] = await Promise.all([
    startWithVariables(settings, children).then(async (started) => {
      await pushIfChanged(settings, started, children, say);
      if (!children.isStopping) await startMigrations(started);
      return started;
    }),
    buildPage(settings, children, say),
  ]);
  if (children.isStopping) return null;
  const isEnvFileOurs = writeEnvFile(settings, backend);
  console.log(welcome({ ...backend.public, dataDir: settings.dataDir, isEnvFileOurs }));
  void followLocalHost(settings, backend, children);
  return backend.child;
});
