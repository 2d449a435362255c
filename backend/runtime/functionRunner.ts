/**
 * Runs queries and mutations in transactions: finds the function, checks who may call it, isolates nested calls, and
 * turns what happened into an outcome. Committing is the queue's business.
 */
import type { Store, TouchedKey } from "../store/documents.ts";
import type { FunctionCall, FunctionOutcome, QueryOutcome, Usage } from "./engine.ts";
import { DeveloperError, describeFailure, failedOutcome, NestedError } from "./errors.ts";
import type { FileServices } from "./fileAccess.ts";
import { newFrame, type Frame } from "./frame.ts";
import { canonicalPath } from "./functionPath.ts";
import { invoke, rethrowable, type InvokeResult } from "./invoke.ts";
import type { ComponentInstance, LoadedFunction, LoadedPackage } from "./modules.ts";
import { NEVER_RESOLVES, settle } from "./settle.ts";
import type { NestedCall, SyscallHost } from "./syscalls/host.ts";
import type { CursorCodec } from "./query/cursor.ts";
import { linesOf, newRequestId } from "./requestId.ts";
import type { RunLabel, RunMarker } from "./runMarker.ts";
import { Transaction, type ScheduleChange } from "./transaction.ts";
import { idCheck } from "./writes.ts";
import type { WatchQuery, WatchRun } from "./watches.ts";

export type MutationRun = {
  outcome: FunctionOutcome;
  touched: TouchedKey[];
  scheduled: ScheduleChange[];
  usage: Usage;
};
export type Found = { component: ComponentInstance; fn: LoadedFunction; path: string };

export type FunctionRunnerOptions = {
  store: Store;
  cursors: CursorCodec;
  deploymentName: string;
  files: FileServices;
  marker: RunMarker;
};

/** Until something is loaded. */
const NOTHING = { components: new Map() } as unknown as LoadedPackage;

export class FunctionRunner implements SyscallHost {
  readonly #store: Store;
  #package = NOTHING;
  readonly #cursors: CursorCodec;
  readonly #name: string;
  readonly #files: FileServices;
  readonly #marker: RunMarker;

  constructor(parts: FunctionRunnerOptions) {
    this.#store = parts.store;
    this.#cursors = parts.cursors;
    this.#name = parts.deploymentName;
    this.#files = parts.files;
    this.#marker = parts.marker;
  }

  package(): LoadedPackage {
    return this.#package;
  }

  use(loaded: LoadedPackage): void {
    this.#package = loaded;
  }

  cursors(): CursorCodec {
    return this.#cursors;
  }

  componentId(path: string): number {
    return this.#store.catalog.component(path);
  }

  deploymentName(): string {
    return this.#name;
  }

  files(): FileServices {
    return this.#files;
  }

  /** Throws the sentence that the CLI and the clients know when there is no such function for this caller. */
  find(call: FunctionCall, trusted: boolean): Found {
    const path = canonicalPath(call.path);
    const found = this.#package.function({ componentPath: call.componentPath ?? "", path });
    const mayCallInternal = trusted || call.caller.kind === "admin";
    if (
      found !== null &&
      (mayCallInternal || (found.fn.visibility === "public" && found.component.path === ""))
    ) {
      return { ...found, path };
    }
    throw new DeveloperError(
      mayCallInternal
        ? `Could not find function for '${path}'. Did you forget to run \`npx convex dev\` or \`npx convex deploy\`?`
        : `Could not find public function for '${path}'. Did you forget to run \`npx convex dev\` or \`npx convex deploy\`?`,
    );
  }

  /** Runs inside the group's open SQLite transaction; undone by itself when the function fails. */
  async runMutation(
    found: Found,
    call: FunctionCall,
    ts: bigint,
    label: RunLabel,
    jobId: string | null = null,
  ): Promise<MutationRun> {
    const transaction = new Transaction(this.#store, ts, null);
    const savepoint = transaction.savepoint();
    const { result, frame } = await this.#run(transaction, found, call, label, jobId);
    const logLines = linesOf(frame);
    const { usage } = transaction;
    if (!result.ok) {
      savepoint.undo();
      return {
        outcome: failedOutcome(frame.requestId, result.failure, logLines),
        touched: [],
        scheduled: [],
        usage,
      };
    }
    savepoint.keep();
    return {
      outcome: { ok: true, value: result.value, ts, logLines },
      touched: transaction.writes,
      scheduled: transaction.scheduled,
      usage,
    };
  }

  async runQuery(found: Found, call: WatchQuery, ts: bigint, label: RunLabel): Promise<WatchRun> {
    const transaction = new Transaction(this.#store, ts, call.journal ?? null);
    const { result, frame } = await this.#run(transaction, found, call, label, null);
    const journal = transaction.nextJournal;
    const logLines = linesOf(frame);
    const outcome: QueryOutcome = result.ok
      ? { ok: true, value: result.value, logLines, journal }
      : {
          ...(failedOutcome(frame.requestId, result.failure, logLines) as QueryOutcome & {
            ok: false;
          }),
          journal,
        };
    const { reads, identityRead, usage } = transaction;
    return { outcome, reads, identityRead, usage };
  }

  async runNested(parent: Frame, call: NestedCall): Promise<string> {
    const { transaction } = parent;
    if (transaction === null) throw new Error("Nested calls need a transaction.");
    const found = this.#package.function(call.target);
    if (found === null) {
      throw new Error(
        `Couldn't resolve ${call.target.path}${call.target.componentPath === "" ? "" : ` in component ${call.target.componentPath}`}.`,
      );
    }
    if (found.fn.type !== call.type) {
      throw new Error(
        `Trying to execute ${call.target.path} as a ${call.type}, but it is a ${found.fn.type}.`,
      );
    }
    const frame = newFrame({
      kind: call.type,
      component: found.component,
      path: call.target.path,
      requestId: parent.requestId,
      identity: parent.identity,
      log: parent.log,
      transaction,
      scheduledJobId: parent.scheduledJobId,
    });
    const savepoint = call.type === "mutation" ? transaction.savepoint() : null;
    transaction.push(frame);
    const result = await invoke(
      found.fn,
      frame,
      call.args,
      idCheck(transaction, this.componentId(found.component.path)),
    );
    if (result.ok) savepoint?.keep();
    else savepoint?.undo();
    transaction.pop(frame);
    if (result.ok) return result.value;
    const { message, data } = rethrowable(result);
    throw data === undefined ? new Error(message) : new NestedError(message, data);
  }

  async #run(
    transaction: Transaction,
    found: Found,
    call: FunctionCall,
    label: RunLabel,
    jobId: string | null,
  ): Promise<{ result: InvokeResult; frame: Frame }> {
    const frame = newFrame({
      kind: found.fn.type === "mutation" ? "mutation" : "query",
      component: found.component,
      path: found.path,
      requestId: newRequestId(),
      identity: call.caller.identity,
      transaction,
      scheduledJobId: jobId,
    });
    transaction.push(frame);
    const isId = idCheck(transaction, this.componentId(found.component.path));
    const hung = (): InvokeResult => {
      const thrown = new DeveloperError(NEVER_RESOLVES);
      frame.ended = true;
      return { ok: false, failure: describeFailure(thrown), thrown };
    };
    this.#marker.begin(label);
    const result = await settle(invoke(found.fn, frame, call.args, isId), transaction, hung);
    this.#marker.end();
    transaction.end();
    return { result, frame };
  }
}
