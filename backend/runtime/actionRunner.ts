/** Runs actions and HTTP actions, and carries their calls to the executor. */
import { decodeId } from "../values/documentId.ts";
import { completionEntry, type CompletionReport } from "./completions.ts";
import type { FunctionCall, FunctionOutcome, HttpRequest, HttpResponse } from "./engine.ts";
import {
  DeveloperError,
  describeFailure,
  failedOutcome,
  NestedError,
  type Failure,
} from "./errors.ts";
import { newFrame, runInFrame, type Frame } from "./frame.ts";
import { canonicalPath } from "./functionPath.ts";
import { readHttpResponse, toRequest } from "./httpMessages.ts";
import { invoke } from "./invoke.ts";
import type { FromActions, InternalRunRequest, RunMessage } from "./messages.ts";
import type { LoadedPackage } from "./modules.ts";
import { Pending } from "./pending.ts";
import { linesOf, newRequestId } from "./requestId.ts";
import type { ActionHost } from "./syscalls/actionCalls.ts";

export type ActionRunnerOptions = {
  role: "http" | "actions";
  actionMs: number;
  toExecutor(message: RunMessage): void;
  toMain(message: FromActions): void;
};

const { setTimeout: after, clearTimeout } = globalThis;

/** Ids are opaque to actions: any well-formed id passes, the mutation behind it checks the table. */
const looksLikeId = (text: string): boolean => decodeId(text) !== null;

export class ActionRunner implements ActionHost {
  readonly #options: ActionRunnerOptions;
  #package: LoadedPackage | null = null;
  #nextId = 1;
  readonly #asked = new Pending<FunctionOutcome>();
  logEnabled = false;

  constructor(options: ActionRunnerOptions) {
    this.#options = options;
  }

  use(loaded: LoadedPackage): void {
    this.#package = loaded;
  }

  /** What the executor or the main thread says to a question with this id. */
  answered(id: number, outcome: FunctionOutcome): void {
    this.#asked.resolve(id, outcome);
  }

  package(): LoadedPackage {
    if (this.#package === null) throw new Error("Nothing is deployed.");
    return this.#package;
  }

  async runAction(call: FunctionCall, trusted: boolean): Promise<FunctionOutcome> {
    const requestId = newRequestId();
    const startedMs = performance.now();
    const outcome = await this.#action(call, trusted, requestId);
    const { path, componentPath = "" } = call;
    this.#log({ path, componentPath, type: "Action", outcome, requestId, startedMs });
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
    let failure: Failure | null = null;
    try {
      const answer = runInFrame(frame, async () =>
        readHttpResponse(await handler.invokeHttpAction(toRequest(request))),
      );
      response = await this.#inTime(frame, answer);
    } catch (thrown) {
      failure = describeFailure(thrown);
      response = failureResponse(frame, failure);
    } finally {
      frame.ended = true;
    }
    const logLines = linesOf(frame);
    const outcome =
      failure === null
        ? { ok: true as const, logLines }
        : { ok: false as const, errorMessage: failure.message, logLines };
    const { path, requestId } = frame;
    this.#log({ path, componentPath: "", type: "HttpAction", outcome, requestId, startedMs });
    return response;
  }

  async inExecutor(request: InternalRunRequest): Promise<string> {
    const id = this.#nextId++;
    const answer = this.#asked.wait(id);
    this.#options.toExecutor({ type: "run", id, request });
    return valueOrThrow(await answer);
  }

  /** In the actions worker at once; from the HTTP worker by way of the main thread, since it does not load Node code. */
  async otherAction(call: FunctionCall): Promise<string> {
    if (this.#options.role === "actions") return valueOrThrow(await this.runAction(call, true));
    const id = this.#nextId++;
    const answer = this.#asked.wait(id);
    this.#options.toMain({ type: "runAction", id, call, identity: call.caller.identity });
    return valueOrThrow(await answer);
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

  #log(report: Omit<CompletionReport, "caller" | "usage">): void {
    const { outcome } = report;
    if (outcome.ok && outcome.logLines.length === 0 && !this.logEnabled) return;
    const entry = completionEntry({ ...report, caller: "user", usage: null }, Date.now());
    this.#options.toMain({ type: "logEntry", entry });
  }
}

function valueOrThrow(outcome: FunctionOutcome): string {
  if (outcome.ok) return outcome.value;
  const message = outcome.errorMessage.replace(/^\[Request ID: [0-9a-f]+\] Server Error\n/, "");
  throw outcome.errorData === undefined
    ? new Error(message)
    : new NestedError(message, JSON.parse(outcome.errorData) as unknown);
}

function failureResponse({ requestId }: Frame, { message, data }: Failure): HttpResponse {
  const code = `[Request ID: ${requestId}] Server Error: ${message.split("\n")[0]}`;
  const body = data === null ? { code } : { code, data: JSON.parse(data) as unknown };
  return {
    status: 500,
    headers: [["content-type", "application/json"]],
    body: Buffer.from(JSON.stringify(body)),
  };
}

function textResponse(status: number, text: string): HttpResponse {
  return {
    status,
    headers: [["content-type", "text/plain;charset=UTF-8"]],
    body: Buffer.from(text),
  };
}
