/** Brings an installation up: backend, secrets, variables, functions. Shared by start, dev and check. */
import { type Backend, startBackend } from "./backend.ts";
import type { Children } from "./children.ts";
import { changeVariables, deployedCodeHash, readVariables } from "./deployment.ts";
import { pushFingerprint, pushFunctions } from "./push.ts";
import type { Settings } from "./settings.ts";
import {
  DATA_VERSION,
  readStartState,
  refuseDowngrade,
  type StartState,
  writeStartState,
} from "./startState.ts";
import { missingSecrets, planVariables } from "./variables.ts";

/** A backend with its secrets and variables. Functions are not pushed yet. */
export async function startWithVariables(
  settings: Settings,
  children: Children,
  pageUrl?: string,
): Promise<Backend> {
  refuseDowngrade(settings.dataDir);
  const backend = await startBackend(settings, children);
  const existing = await readVariables(backend);
  const state = readStartState(settings.dataDir);
  const plan = planVariables({
    env: settings.env,
    existing,
    before: state.variables,
    pageUrl: pageUrl ?? backend.url,
  });
  await changeVariables(backend, [...(await missingSecrets(existing)), ...plan.changes]);
  writeStartState(settings.dataDir, {
    ...state,
    variables: plan.variables,
    dataVersion: DATA_VERSION,
  });
  return backend;
}

/** Pushes unless the deployment holds exactly what a push would bring. `say` hears of it when it does not. */
export async function pushIfChanged(
  settings: Settings,
  backend: Backend,
  children: Children,
  say: (line: string) => void = () => undefined,
): Promise<void> {
  const state = readStartState(settings.dataDir);
  const pushed = pushFingerprint(settings.root, await readVariables(backend), backend.public);
  // Asking the deployment as well catches what others pushed into it meanwhile.
  const isCurrent = state.pushed === pushed && state.deployed === (await deployedCodeHash(backend));
  if (isCurrent) return;
  say("Pushing the functions (once, and after changes) …");
  await pushFunctions(settings, backend, children);
  if (children.isStopping) return;
  const next: StartState = { ...state, pushed, deployed: await deployedCodeHash(backend) };
  writeStartState(settings.dataDir, next);
}
