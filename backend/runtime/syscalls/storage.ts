/** `ctx.storage` in queries and mutations. */
import { fileOperations, readFileNow, writeFileNow, type FileOperation } from "../fileAccess.ts";
import type { FileScope } from "../storedFiles.ts";
import type { Frame } from "../frame.ts";
import { transactionOf, type AsyncSyscall, type SyscallHost } from "./host.ts";

export const storageSyscalls: Record<string, AsyncSyscall> = {
  "1.0/storageGetUrl": syscallOf(fileOperations.getUrl),
  "1.0/storageGetMetadata": syscallOf(fileOperations.getMetadata),
  "1.0/storageGenerateUploadUrl": inMutation("generateUploadUrl", fileOperations.generateUploadUrl),
  "1.0/storageDelete": inMutation("delete", fileOperations.delete),
  "1.0/storageStore": (host, frame, args) => {
    requireMutation(frame, "store");
    return JSON.stringify(
      writeFileNow(scopeOf(host, frame), host.files(), {
        blob: String(args["blob"]),
        contentType: (args["contentType"] as string | undefined) ?? null,
        sha256: (args["sha256"] as string | undefined) ?? null,
      }),
    );
  },
  "1.0/storageGet": (host, frame, args) =>
    JSON.stringify(readFileNow(scopeOf(host, frame), host.files(), String(args["storageId"]))),
};

function syscallOf({ perform }: FileOperation): AsyncSyscall {
  return (host, frame, args) => JSON.stringify(perform(scopeOf(host, frame), host.files(), args));
}

function inMutation(method: string, operation: FileOperation): AsyncSyscall {
  const syscall = syscallOf(operation);
  return (host, frame, args) => {
    requireMutation(frame, method);
    return syscall(host, frame, args);
  };
}

function requireMutation(frame: Frame, method: string): void {
  if (frame.kind === "mutation") return;
  throw new Error(`storage.${method} can only be called from a mutation or an action.`);
}

function scopeOf(host: SyscallHost, frame: Frame): FileScope {
  const { path } = frame.component;
  return {
    transaction: transactionOf(frame),
    componentId: host.componentId(path),
    componentPath: path,
  };
}
