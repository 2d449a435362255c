/** Runs actions and HTTP actions, and carries their calls to the executor. */
import { FileContents } from "../store/fileContents.ts";
import { decodeId } from "../values/documentId.ts";
import type {
  FunctionCall,
  FunctionOutcome,
  HttpRequest,
  HttpResponse,
  LogEntry,
} from "./engine.ts";
import { DeveloperError, describeFailure, failedOutcome, NestedError } from "./errors.ts";
import { newFrame, runInFrame, type Frame } from "./frame.ts";
import { canonicalPath, resolveAddress } from "./functionPath.ts";
import type { Syscalls } from "./globals.ts";
import { readHttpResponse, toRequest } from "./httpMessages.ts";
import { invoke } from "./invoke.ts";
import type { FromActions, InternalRunRequest, RunMessage } from "./messages.ts";
import type { LoadedPackage } from "./modules.ts";
import { linesOf, newRequestId, NOBODY } from "./requestId.ts";
import { FILE_SYSCALLS, getBlob, storeBlob, type AskForFile } from "./syscalls/actionStorage.ts";

export type ActionRunnerOptions = {
  role: "http" | "actions";
  actionMs: number;
  toExecutor(message: RunMessage): void;
  toMain(message: FromActions): void;
};

const { setTimeout: after, clearTimeout } = globalThis;

type Waiting = (outcome: FunctionOutcome) => void;
type Args = Record<string, unknown>;

/** Ids are opaque to actions: any well-formed id passes, the mutation behind it checks the table. */
const looksLikeId = (text: string): boolean => decodeId(text) !== null;

export class ActionRunner {
  readonly #options: ActionRunnerOptions;
  #package: LoadedPackage | null = null;
  #nextId = 1;
  readonly #waiting = new Map<number, Waiting>();
  logEnabled = false;

  constructor(options: ActionRunnerOptions) {
    this.#options = options;
  }

  use(loaded: LoadedPackage): void {
    this.#package = loaded;
  }

  executorAnswered(id: number, outcome: FunctionOutcome): void {
    this.#answer(id, outcome);
  }

  mainAnswered(id: number, outcome: FunctionOutcome): void {
    this.#answer(id, outcome);
  }

  async runAction(call: FunctionCall, trusted: boolean): Promise<FunctionOutcome> {
    const requestId = newRequestId();
    const startedMs = performance.now();
    const outcome = await this.#action(call, trusted, requestId);
    this.#log("Action", call, outcome, requestId, startedMs);
    return outcome;
  }

  async #action(call: FunctionCall, trusted: boolean, requestId: string): Promise<FunctionOutcome> {
    const path = canonicalPath(call.path);
    const found =
      this.#package?.function({ componentPath: call.componentPath ?? "", path }) ?? null;
    const mayCallInternal = trusted || call.caller.kind === "admin";
    const reachable =
      found !== null &&
      (mayCallInternal || (found.fn.visibility === "public" && found.component.path === ""));
    if (!reachable || found.fn.type !== "action") {
      const failure = describeFailure(
        new DeveloperError(
          reachable
            ? `Trying to execute ${path} as an action, but it is defined as a ${found.fn.type}.`
            : `Could not find public function for '${path}'. Did you forget to run \`npx convex dev\` or \`npx convex deploy\`?`,
        ),
      );
      return failedOutcome(requestId, failure, []);
    }
    const frame = newFrame({
      kind: "action",
      component: found.component,
      path,
      requestId,
      identity: call.caller.identity,
    });
    const result = await this.#inTime(frame, invoke(found.fn, frame, call.args, looksLikeId)).catch(
      (thrown: unknown) => ({ ok: false as const, failure: describeFailure(thrown), thrown }),
    );
    return result.ok
      ? { ok: true, value: result.value, ts: 0n, logLines: linesOf(frame) }
      : failedOutcome(requestId, result.failure, linesOf(frame));
  }

  async runHttp(request: HttpRequest): Promise<HttpResponse> {
    // Not 404: who asks is to try again, and not to believe that there is no such thing.
    if (this.#package === null)
      return textResponse(503, "The code could not be loaded: see the log.");
    const url = new URL(request.url);
    const method = request.method === "HEAD" ? "GET" : request.method;
    const route = this.#package.route(url.pathname, method);
    if (route === null) return textResponse(404, "No matching routes found");
    const { component, handler } = route;
    const frame = newFrame({
      kind: "httpAction",
      component,
      path: `${request.method} ${url.pathname}`,
      requestId: newRequestId(),
      identity: request.identity,
    });
    const startedMs = performance.now();
    let response: HttpResponse;
    let error: string | null = null;
    try {
      const answer = runInFrame(frame, async () =>
        readHttpResponse(await handler.invokeHttpAction(toRequest(request))),
      );
      response = await this.#inTime(frame, answer);
    } catch (thrown) {
      const failure = describeFailure(thrown);
      error = failure.message;
      const body: Record<string, unknown> = {
        code: `[Request ID: ${frame.requestId}] Server Error: ${failure.message.split("\n")[0]}`,
      };
      if (failure.data !== null) body["data"] = JSON.parse(failure.data) as unknown;
      response = {
        status: 500,
        headers: [["content-type", "application/json"]],
        body: Buffer.from(JSON.stringify(body)),
      };
    } finally {
      frame.ended = true;
    }
    const logLines = linesOf(frame);
    if (error !== null || logLines.length > 0 || this.logEnabled) {
      this.#post(frame.path, null, "HttpAction", logLines, error, frame.requestId, startedMs);
    }
    return response;
  }

  syscalls(): Syscalls {
    return {
      syscall: (_frame, op) => {
        throw new Error(`Unknown operation ${op}: it is not available in actions.`);
      },
      jsSyscall: (frame, op, args) => {
        switch (op) {
          case "storage/storeBlob":
            return storeBlob(frame, args, this.#contents(), this.#askForFile);
          case "storage/getBlob":
            return getBlob(frame, args, this.#contents(), this.#askForFile);
          default:
            throw new Error(`Unknown operation ${op}: the embedded backend does not support it.`);
        }
      },
      asyncSyscall: async (frame, op, args) => this.#syscall(frame, op, JSON.parse(args) as Args),
    };
  }

  async #syscall(frame: Frame, op: string, args: Args): Promise<string> {
    const fileOperation = FILE_SYSCALLS[op];
    if (fileOperation !== undefined) return this.#askForFile(frame, fileOperation, args);
    switch (op) {
      case "1.0/actions/query":
        return this.#inExecutor(frame, "query", args);
      case "1.0/actions/mutation":
        return this.#inExecutor(frame, "mutation", args);
      case "1.0/actions/action":
        return this.#otherAction(frame, args);
      case "1.0/actions/schedule":
        return this.#builtin(frame, "scheduler:schedule", {
          ...args,
          target: this.#resolve(frame, args),
        });
      case "1.0/actions/cancel_job":
        return this.#builtin(frame, "scheduler:cancel", args);
      case "1.0/createFunctionHandle": {
        const target = this.#resolve(frame, args);
        if (this.#package === null) throw new Error("Nothing is deployed.");
        return JSON.stringify(this.#package.handleFor(target));
      }
      case "1.0/getUserIdentity":
        return JSON.stringify(frame.component.path === "" ? frame.identity : null);
      case "1.0/getFunctionMetadata":
        return JSON.stringify({ name: frame.path, componentPath: frame.component.path });
      case "1.0/getDeploymentMetadata":
        return JSON.stringify({ name: "embedded", region: null, class: "s16" });
      case "1.0/getRequestMetadata":
        return JSON.stringify({
          ip: null,
          userAgent: null,
          requestId: frame.requestId,
          scheduledFunctionId: null,
          authToken: null,
        });
      default:
        throw new Error(
          `Unknown async operation ${op}: the embedded backend does not support it in actions.`,
        );
    }
  }

  #resolve(frame: Frame, args: Args) {
    if (this.#package === null) throw new Error("Nothing is deployed.");
    return resolveAddress(args, frame.component.path, this.#package);
  }

  async #inExecutor(frame: Frame, type: "query" | "mutation", args: Args): Promise<string> {
    const target = this.#resolve(frame, args);
    return this.#ask({
      type,
      path: target.path,
      componentPath: target.componentPath,
      args: JSON.stringify(args["args"]),
      caller: { kind: "user", identity: frame.identity },
      trusted: true,
    });
  }

  readonly #askForFile: AskForFile = (frame, operation, args) =>
    this.#builtin(frame, `storage:${operation}`, args);

  #contents(): FileContents {
    if (this.#package === null) throw new Error("Nothing is deployed.");
    return new FileContents(this.#package.filesDirectory);
  }

  /** Operations on jobs and files are small transactions of the backend's own (builtins.ts). */
  async #builtin(frame: Frame, name: string, args: Args): Promise<string> {
    return this.#ask({
      type: "mutation",
      path: `_builtin/${name}`,
      componentPath: frame.component.path,
      args: JSON.stringify(args),
      caller: NOBODY,
      trusted: true,
    });
  }

  async #ask(request: InternalRunRequest): Promise<string> {
    const id = this.#nextId++;
    const outcome = await new Promise<FunctionOutcome>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#options.toExecutor({ type: "run", id, request });
    });
    return valueOrThrow(outcome);
  }

  /** In the actions worker at once; from the HTTP worker by way of the main thread, since it does not load Node code. */
  async #otherAction(frame: Frame, args: Args): Promise<string> {
    const target = this.#resolve(frame, args);
    const call: FunctionCall = {
      path: target.path,
      componentPath: target.componentPath,
      args: JSON.stringify(args["args"]),
      caller: { kind: "user", identity: frame.identity },
    };
    if (this.#options.role === "actions") return valueOrThrow(await this.runAction(call, true));
    const id = this.#nextId++;
    const outcome = await new Promise<FunctionOutcome>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#options.toMain({ type: "runAction", id, call, identity: frame.identity });
    });
    return valueOrThrow(outcome);
  }

  /** Rejects when the work takes too long. What goes on of it may not act any more. */
  #inTime<T>(frame: Frame, work: Promise<T>): Promise<T> {
    const { actionMs } = this.#options;
    return new Promise((resolve, reject) => {
      const timer = after(() => {
        frame.ended = true;
        reject(
          new DeveloperError(
            `Function execution timed out (maximum duration: ${actionMs / 1000}s)`,
          ),
        );
      }, actionMs);
      work.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  #answer(id: number, outcome: FunctionOutcome): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(outcome);
  }

  #log(
    type: LogEntry["udfType"],
    call: FunctionCall,
    outcome: FunctionOutcome,
    requestId: string,
    startedMs: number,
  ): void {
    if (outcome.ok && outcome.logLines.length === 0 && !this.logEnabled) return;
    const error = outcome.ok ? null : outcome.errorMessage;
    this.#post(
      call.path,
      call.componentPath ?? null,
      type,
      outcome.logLines,
      error,
      requestId,
      startedMs,
    );
  }

  #post(
    identifier: string,
    componentPath: string | null,
    udfType: LogEntry["udfType"],
    logLines: string[],
    error: string | null,
    requestId: string,
    startedMs: number,
  ): void {
    this.#options.toMain({
      type: "logEntry",
      entry: {
        kind: "Completion",
        identifier,
        componentPath: componentPath === "" ? null : componentPath,
        udfType,
        logLines,
        timestamp: Date.now() / 1000,
        executionTimeMs: performance.now() - startedMs,
        requestId,
        error,
        identityType: "user",
        usage: null,
      },
    });
  }
}

function valueOrThrow(outcome: FunctionOutcome): string {
  if (outcome.ok) return outcome.value;
  const message = outcome.errorMessage.replace(/^\[Request ID: [0-9a-f]+\] Server Error\n/, "");
  throw outcome.errorData === undefined
    ? new Error(message)
    : new NestedError(message, JSON.parse(outcome.errorData) as unknown);
}

function textResponse(status: number, text: string): HttpResponse {
  return {
    status,
    headers: [["content-type", "text/plain;charset=UTF-8"]],
    body: Buffer.from(text),
  };
}
