/**
 * What the threads say to each other. `ToExecutor` and `FromExecutor` run between the main thread and the executor;
 * action workers speak `RunMessage` to the executor over ports of their own, so that the main thread is not in between.
 */
import type { MessagePort } from "node:worker_threads";
import type { Environment, PackageManifest } from "../store/deployment.ts";
import type {
  AuthProvider,
  FunctionCall,
  FunctionOutcome,
  HttpRequest,
  HttpResponse,
  LogEntry,
  QueryOutcome,
  RunRequest,
  UserIdentity,
  WatchId,
} from "./engine.ts";
import type { ImportStep } from "./imports.ts";
import type { PushedPackage } from "./pushedPackage.ts";

/** Where the code lies that a worker should load. A new generation is a new folder, so nothing is cached across. */
export type Deployment = {
  generation: number;
  directory: string;
  manifest: PackageManifest | null;
  environment: Environment;
  /** Makes function handles unguessable. */
  instanceSecret: string;
  /** Where the contents of stored files lie. */
  filesDirectory: string;
};

/** What the auth.config.ts of `generation` says with a changed environment; null when there is none. */
export type EvaluatedAuth = { generation: number; providers: AuthProvider[] | null };

export type ControlRequest =
  | {
      op: "environment";
      changes: { name: string; value: string | null }[];
      auth: EvaluatedAuth;
    }
  | { op: "moduleHashes" }
  | { op: "modules"; hashes: string[] }
  | { op: "finishPush"; pushed: PushedPackage; dryRun: boolean }
  | { op: "adminState"; name: string; json: string | null }
  | { op: "import"; step: ImportStep };

export type RunMessage = { type: "run"; id: number; request: InternalRunRequest };
/** A run asked for by code that is already inside: any visibility, any component. */
export type InternalRunRequest = Omit<RunRequest, "type"> & {
  type: RunRequest["type"];
  trusted?: boolean;
  parentRequestId?: string;
};

export type ScheduledActionMessage = {
  type: "runScheduledAction";
  jobId: string;
  call: FunctionCall;
};

export type ToExecutor =
  | RunMessage
  | { type: "watch"; id: WatchId; query: FunctionCall & { journal?: string | null } }
  | { type: "unwatch"; id: WatchId }
  | { type: "control"; id: number; control: ControlRequest }
  | { type: "scheduledActionDone"; jobId: string; outcome: FunctionOutcome }
  | { type: "log"; enabled: boolean }
  | { type: "actionPort"; port: MessagePort }
  | { type: "ping" }
  | { type: "close" };

export type FromExecutor =
  | { type: "ready"; deployment: Deployment; ts: bigint }
  | { type: "failed"; message: string }
  | { type: "result"; id: number; outcome: FunctionOutcome }
  | { type: "update"; ts: bigint; changed: [WatchId, QueryOutcome][] }
  | {
      type: "controlResult";
      id: number;
      value?: unknown;
      error?: { code: string; message: string };
    }
  | { type: "deployed"; deployment: Deployment }
  | { type: "logEntry"; entry: LogEntry }
  | ScheduledActionMessage
  | { type: "pong" }
  | { type: "closed" };

export type ToActions =
  | { type: "load"; deployment: Deployment }
  | {
      type: "action";
      id: number;
      call: FunctionCall;
      trusted: boolean;
      identity: UserIdentity | null;
    }
  | { type: "http"; id: number; request: HttpRequest }
  | { type: "result"; id: number; outcome: FunctionOutcome }
  | { type: "log"; enabled: boolean }
  | { type: "ping" };

export type FromActions =
  | { type: "pong" }
  | { type: "loaded"; generation: number; error?: string }
  | { type: "actionResult"; id: number; outcome: FunctionOutcome }
  | { type: "httpResult"; id: number; response: HttpResponse }
  | { type: "runAction"; id: number; call: FunctionCall; identity: UserIdentity | null }
  | { type: "logEntry"; entry: LogEntry };
