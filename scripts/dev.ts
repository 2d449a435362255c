/** `npm run dev`: the same as `npm start`, with functions and page reloaded as they are edited. Composes, nothing else. */
import { join, resolve } from "node:path";
import { Children } from "./lib/children.ts";
import { writeEnvFile } from "./lib/envFile.ts";
import { runInForeground } from "./lib/foreground.ts";
import { startWithVariables } from "./lib/installation.ts";
import { cliEnvironment } from "./lib/push.ts";
import { readSettings } from "./lib/settings.ts";
import { StartError } from "./lib/startError.ts";
import { readStartState, writeStartState } from "./lib/startState.ts";
import { welcome } from "./lib/welcome.ts";

const root = resolve(import.meta.dirname, "..");
const PAGE_PORT = process.env.ROLLCALL_DEV_PORT ?? "5173";
const pageUrl = `http://localhost:${PAGE_PORT}`;
const children = new Children();

await runInForeground(children, async () => {
  const settings = readSettings(root, process.env);
  const backend = await startWithVariables(settings, children, pageUrl);
  // From here on the deployment follows the editor: the next `npm start` must push again.
  writeStartState(settings.dataDir, { ...readStartState(settings.dataDir), pushed: null });
  if (!writeEnvFile(settings, backend)) {
    throw new StartError(
      `${settings.envFile} names another deployment, which "convex dev" would take out of it. Move it away first.`,
    );
  }
  children.start([join(root, "node_modules/convex/bin/main.js"), "dev", "--tail-logs", "disable"], {
    cwd: root,
    env: cliEnvironment(backend),
    stdio: "inherit",
  });
  const page = children.start(
    [join(root, "node_modules/vite/bin/vite.js"), "--port", PAGE_PORT, "--strictPort"],
    { cwd: root, env: pageEnvironment(settings.port), stdio: "inherit" },
  );
  const { siteUrl } = backend;
  console.log(welcome({ url: pageUrl, siteUrl, dataDir: settings.dataDir, isEnvFileOurs: true }));
  return page;
});

/** The page asks where it came from, and Vite passes that on to the backend. */
function pageEnvironment(backendPort: number): NodeJS.ProcessEnv {
  return { ...process.env, ROLLCALL_PORT: String(backendPort), VITE_CONVEX_URL: "" };
}
