/** The table of all syscalls inside transactions. What is not in it fails loudly, by name. */
import type { Frame } from "../frame.ts";
import type { Syscalls } from "../globals.ts";
import { callSyscalls } from "./calls.ts";
import { databaseSyncSyscalls, databaseSyscalls } from "./database.ts";
import { transactionOf, type Args, type SyscallHost } from "./host.ts";
import { metadataSyncSyscalls, metadataSyscalls } from "./metadata.ts";
import { storageSyscalls } from "./storage.ts";

const sync = { ...databaseSyncSyscalls, ...metadataSyncSyscalls };
const async = { ...databaseSyscalls, ...callSyscalls, ...storageSyscalls, ...metadataSyscalls };

export function transactionSyscalls(host: SyscallHost): Syscalls {
  return {
    syscall(frame, op, args) {
      const handler = sync[op];
      if (handler === undefined)
        throw new Error(`Unknown operation ${op}: the embedded backend does not support it.`);
      return handler(host, frame, JSON.parse(args) as Args);
    },
    asyncSyscall(frame, op, args) {
      const handler = async[op];
      if (handler === undefined)
        throw new Error(`Unknown async operation ${op}: the embedded backend does not support it.`);
      // The common case must not cost a promise more than the syscall itself has.
      if (transactionOf(frame).top === frame) return handler(host, frame, JSON.parse(args) as Args);
      return turn(frame).then(() => handler(host, frame, JSON.parse(args) as Args));
    },
    jsSyscall(_frame, op) {
      throw new Error(`Unknown operation ${op}: it is not available in queries and mutations.`);
    },
  };
}

/** A caller's own syscalls wait while a nested call of it runs, or a rollback would undo them too. */
async function turn(frame: Frame): Promise<void> {
  // Whoever is resumed first may have begun another nested call.
  while (transactionOf(frame).top !== frame) await transactionOf(frame).turnOf(frame);
}
