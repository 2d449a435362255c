/** A package as the CLI pushes it and as analysis completes it, before it is stored. */
import type { ModuleEnvironment, PackageManifest } from "../store/deployment.ts";

export type PushedModule = {
  path: string;
  source: string;
  sourceMap?: string;
  environment: ModuleEnvironment;
};

export type PushedDefinition = {
  /** Path of the definition's folder relative to the app's; empty for the app. */
  definitionPath: string;
  /** The bundled convex.config; the app may have none. */
  definition: PushedModule | null;
  dependencies: string[];
  schema: PushedModule | null;
  modules: PushedModule[];
};

/** What finish_push stores: the analysed manifest and the sources that it names by hash. */
export type PushedPackage = {
  manifest: PackageManifest;
  sources: { hash: string; source: string; sourceMap: string | null }[];
};
