/** contractApp on the embedded backend: bundled by the official CLI, called by the official clients. */
import { ConvexHttpClient } from "convex/browser";
import { api } from "../../fixtures/contractApp/convex/_generated/api.js";
import { GREETING, type Implementation, type Person, type Session } from "../session.ts";
import { push, setEnvironment } from "./adminRequests.ts";
import { BackendProcess } from "./backendProcess.ts";
import { bundledFixture } from "./bundledFixture.ts";
import { Project } from "./project.ts";
import { createIssuer, type Issuer } from "./tokens.ts";

export type Deployed = {
  backend: BackendProcess;
  project: Project;
  issuer: Issuer;
  /** Calls over HTTP. */
  session: Session;
  /** Deletes all documents. */
  wipe(): Promise<void>;
  dispose(): Promise<void>;
};

const withAuthorization = (init: RequestInit | undefined, token: string | null): RequestInit => {
  if (token === null) return init ?? {};
  const headers = new Headers(init?.headers);
  headers.set("authorization", `Bearer ${token}`);
  return { ...init, headers };
};

const httpSession = (
  backend: BackendProcess,
  issuer: Issuer,
  token: () => Promise<string | null>,
): Session => {
  const client = async () => {
    const http = new ConvexHttpClient(backend.url, { logger: false });
    const jwt = await token();
    if (jwt !== null) http.setAuth(jwt);
    return http;
  };
  return {
    query: async (fn, args) => (await client()).query(fn, args),
    mutation: async (fn, args) => (await client()).mutation(fn, args),
    action: async (fn, args) => (await client()).action(fn, args),
    fetch: async (path, init) =>
      fetch(`${backend.siteUrl}${path}`, withAuthorization(init, await token())),
    as: (person: Person) => httpSession(backend, issuer, () => issuer.sign(person)),
  };
};

/** Starts a backend with contractApp on it. The environment comes first: auth.config.ts needs it when it is pushed. */
export const deployContractApp = async (dataDir?: string): Promise<Deployed> => {
  const project = new Project();
  let backend: BackendProcess | undefined;
  const dispose = async () => {
    project.dispose();
    await backend?.dispose();
  };
  try {
    backend = await BackendProcess.start(dataDir);
    const issuer = await createIssuer();
    await setEnvironment(backend, { CONTRACT_JWKS: issuer.jwks, CONTRACT_GREETING: GREETING });
    await push(backend, await bundledFixture(project, backend));
    const session = httpSession(backend, issuer, async () => null);
    const wipe = async () => {
      await session.mutation(api.support.wipe, {});
    };
    return { backend, project, issuer, session, wipe, dispose };
  } catch (error) {
    const output = backend?.output ?? "";
    await dispose();
    throw new Error(`contractApp could not be deployed. The backend printed:\n${output}`, {
      cause: error,
    });
  }
};

export const openBackend = async (): Promise<Implementation> => {
  const deployed = await deployContractApp();
  return {
    fresh: async () => {
      await deployed.wipe();
      return deployed.session;
    },
    close: deployed.dispose,
  };
};
