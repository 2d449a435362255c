/** The code and environment that this process runs: loaded from the database, each state in a folder of its own. */
import type { Database } from "../store/database.ts";
import { readEnvironment, readManifest } from "../store/deployment.ts";
import { materialize, removeOtherGenerations } from "./materialize.ts";
import type { Deployment } from "./messages.ts";
import { loadPackage, type LoadedPackage } from "./modules.ts";
import type { RunMarker } from "./runMarker.ts";

export type DeployedCodeOptions = {
  database: Database;
  modulesRoot: string;
  filesDirectory: string;
  instanceSecret: string;
  /** CONVEX_CLOUD_URL and CONVEX_SITE_URL, which every function sees. */
  systemEnvironment: Record<string, string>;
  marker: RunMarker;
  /** Must not throw: there is no way back from there. */
  loaded: (code: LoadedPackage, deployment: Deployment) => void;
};

export class DeployedCode {
  readonly #options: DeployedCodeOptions;
  #deployment: Deployment;
  #generations = 0;
  /** The generation of the code that is on disk, too. */
  #storedGeneration = 0;

  constructor(options: DeployedCodeOptions) {
    const { instanceSecret, filesDirectory } = options;
    this.#options = options;
    this.#deployment = {
      ...{ generation: 0, directory: "", manifest: null, environment: {} },
      ...{ instanceSecret, filesDirectory },
    };
  }

  get deployment(): Deployment {
    return this.#deployment;
  }

  /** Whether what is loaded is also on disk. */
  get isStored(): boolean {
    return this.#deployment.generation === this.#storedGeneration;
  }

  stored(): void {
    this.#storedGeneration = this.#deployment.generation;
  }

  /** Loads what the database says into fresh modules. */
  async reload(): Promise<void> {
    const { database, modulesRoot, systemEnvironment, marker, loaded } = this.#options;
    const manifest = readManifest(database);
    // Never the same twice, also after one that failed: what was imported from its folder stays in memory.
    const generation = ++this.#generations;
    const deployment: Deployment = {
      ...this.#deployment,
      generation,
      manifest,
      environment: { ...readEnvironment(database), ...systemEnvironment },
      directory: materialize(database, manifest, modulesRoot, generation),
    };
    const code = await marker.during("load", () => loadPackage(deployment, ["isolate"]));
    this.#deployment = deployment;
    removeOtherGenerations(modulesRoot, generation);
    loaded(code, deployment);
  }
}
