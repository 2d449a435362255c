/** What a syscall may use of the executor, and the shape of a syscall. */
import type { FileServices } from "../fileAccess.ts";
import type { Frame } from "../frame.ts";
import type { LoadedPackage } from "../modules.ts";
import type { CursorCodec } from "../query/cursor.ts";
import type { Transaction } from "../transaction.ts";
import type { WriteScope } from "../writes.ts";

export type SyscallHost = {
  package(): LoadedPackage;
  cursors(): CursorCodec;
  componentId(path: string): number;
  /** Runs a function inside the caller's transaction; resolves with the encoded JSON of its value. */
  runNested(frame: Frame, call: NestedCall): Promise<string>;
  deploymentName(): string;
  files(): FileServices;
};

export type NestedCall = {
  type: "query" | "mutation";
  target: { componentPath: string; path: string };
  args: string;
};

export type Args = Record<string, unknown>;
export type SyncSyscall = (host: SyscallHost, frame: Frame, args: Args) => string;
export type AsyncSyscall = (
  host: SyscallHost,
  frame: Frame,
  args: Args,
) => string | Promise<string>;

export function transactionOf(frame: Frame): Transaction {
  const { transaction } = frame;
  if (transaction === null)
    throw new Error(`The database cannot be reached from ${frame.path}: it is a ${frame.kind}.`);
  if (transaction.ended)
    throw new Error(
      `The transaction of ${frame.path} has ended. Await every promise before returning.`,
    );
  return transaction;
}

export function scopeOf(host: SyscallHost, frame: Frame): WriteScope {
  return {
    transaction: transactionOf(frame),
    component: frame.component,
    componentId: host.componentId(frame.component.path),
  };
}
