/** A fixture app on a backend process of its own, bundled by the official CLI and called by the official client. */
import { ConvexHttpClient } from "convex/browser";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import { push, setEnvironment } from "../../contract/support/adminRequests.ts";
import { bundledFixture } from "../../contract/support/bundledFixture.ts";
import { BackendProcess } from "../../contract/support/backendProcess.ts";
import { type CliResult, Project } from "../../contract/support/project.ts";

export class DeployedApp {
  readonly backend: BackendProcess;
  readonly project: Project;

  private constructor(backend: BackendProcess, project: Project) {
    this.backend = backend;
    this.project = project;
  }

  /** With nothing pushed yet. */
  static async start(
    fixture: string,
    dataDir?: string,
    options?: readonly string[],
  ): Promise<DeployedApp> {
    return new DeployedApp(await BackendProcess.start(dataDir, options), new Project(fixture));
  }

  /** `fixture` is a folder of test/fixtures; `environment` is set before the push, since configurations read it. */
  static async deploy(
    fixture: string,
    environment: Record<string, string> = {},
    dataDir?: string,
    options?: readonly string[],
  ): Promise<DeployedApp> {
    const app = await DeployedApp.start(fixture, dataDir, options);
    try {
      await app.setEnvironment(environment);
      await push(app.backend, await bundledFixture(app.project, app.backend));
      return app;
    } catch (error) {
      const { output } = app.backend;
      await app.dispose();
      throw new Error(`${fixture} could not be deployed. The backend printed:\n${output}`, {
        cause: error,
      });
    }
  }

  query<F extends FunctionReference<"query">>(
    fn: F,
    args: FunctionArgs<F>,
    token?: string,
  ): Promise<FunctionReturnType<F>> {
    return this.#client(token).query(fn, args);
  }

  mutation<F extends FunctionReference<"mutation">>(
    fn: F,
    args: FunctionArgs<F>,
    token?: string,
  ): Promise<FunctionReturnType<F>> {
    return this.#client(token).mutation(fn, args);
  }

  action<F extends FunctionReference<"action">>(
    fn: F,
    args: FunctionArgs<F>,
    token?: string,
  ): Promise<FunctionReturnType<F>> {
    return this.#client(token).action(fn, args);
  }

  /** Sets variables as `convex env set` does, all in one request. Null removes. */
  setEnvironment(variables: Record<string, string | null>): Promise<void> {
    return setEnvironment(this.backend, variables);
  }

  admin(path: string, body: unknown): Promise<Response> {
    return fetch(`${this.backend.url}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: {
        authorization: `Convex ${this.backend.adminKey}`,
        "content-type": "application/json",
      },
    });
  }

  cli(...args: string[]): Promise<CliResult> {
    return this.project.cli(this.backend, ...args);
  }

  async dispose(): Promise<void> {
    this.project.dispose();
    await this.backend.dispose();
  }

  #client(token: string | undefined): ConvexHttpClient {
    const client = new ConvexHttpClient(this.backend.url, { logger: false });
    if (token !== undefined) client.setAuth(token);
    return client;
  }
}
