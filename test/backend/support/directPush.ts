/**
 * Pushes modules by the requests that the CLI makes, without the seconds that it takes to bundle: for plain JavaScript that
 * imports nothing but `convex/server` and `convex/values`.
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { startPush, type StartedPush } from "../../contract/support/adminRequests.ts";
import type { DeployedApp } from "./deployedApp.ts";

/** By their names in convex/. */
type Changes = Record<string, string | null>;

const convex = fileURLToPath(new URL("../../../node_modules/convex/dist/esm/", import.meta.url));

export class DirectPush {
  readonly #app: DeployedApp;
  readonly #files = new Map<string, string>();

  constructor(app: DeployedApp) {
    this.#app = app;
  }

  /** Writes files, or removes them (null). Rejects with what the CLI would print, and keeps them. */
  async start(changes: Changes): Promise<StartedPush> {
    for (const [name, text] of Object.entries(changes)) {
      if (text === null) this.#files.delete(name);
      else this.#files.set(name, linked(text));
    }
    const modules = [...this.#files].map(([name, source]) => {
      const path = name.replace(/\.ts$/, ".js");
      return { path, source, environment: "isolate" };
    });
    const isSchema = ({ path }: { path: string }) => path === "schema.js";
    return startPush(this.#app.backend, {
      appDefinition: {
        dependencies: [],
        schema: modules.find(isSchema) ?? null,
        changedModules: modules.filter((module) => !isSchema(module)),
        udfServerVersion: "1.0.0",
      },
      componentDefinitions: [],
    });
  }

  async push(changes: Changes): Promise<void> {
    const started = await this.start(changes);
    await started.check();
    await started.finish();
  }
}

const linked = (text: string) =>
  text.replaceAll(
    /"convex\/(server|values)"/g,
    (_, name) => `"${pathToFileURL(`${convex}${name}/index.js`).href}"`,
  );
