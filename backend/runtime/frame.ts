/**
 * Who is executing: one frame for each function call, carried through its promises. Everything that user code reaches
 * (syscalls, clock, console, environment) asks for the current frame, so that calls which interleave stay apart.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Environment } from "../store/deployment.ts";
import type { UserIdentity } from "./engine.ts";
import { LogLines } from "./logLines.ts";
import type { ComponentInstance } from "./modules.ts";
import type { QueryStream } from "./query/stream.ts";
import type { Transaction } from "./transaction.ts";

export type FrameKind = "query" | "mutation" | "action" | "httpAction";

export type Frame = {
  kind: FrameKind;
  component: ComponentInstance;
  /** `module:function`, for messages and metadata. */
  path: string;
  requestId: string;
  identity: UserIdentity | null;
  environment: Environment;
  log: LogLines;
  /** Null in actions. */
  transaction: Transaction | null;
  /** Set when the call has returned: what it left behind may not act any more. */
  ended: boolean;
  streams: Map<number, QueryStream>;
  nextStreamId: number;
  /** The job that runs, if a job runs. */
  scheduledJobId: string | null;
};

const storage = new AsyncLocalStorage<Frame>();

export function currentFrame(): Frame | undefined {
  return storage.getStore();
}

export function runInFrame<T>(frame: Frame, run: () => T): T {
  return storage.run(frame, run);
}

export function newFrame(
  of: Pick<Frame, "kind" | "component" | "path" | "requestId"> & Partial<Frame>,
): Frame {
  return {
    identity: null,
    environment: of.component.environment,
    log: new LogLines(),
    transaction: null,
    ended: false,
    streams: new Map(),
    nextStreamId: 0,
    scheduledJobId: null,
    ...of,
  };
}
