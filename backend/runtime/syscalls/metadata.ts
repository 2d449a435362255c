/** Syscalls that tell a function about its caller, its transaction and its deployment. Shared with actions. */
import { encodeInt64 } from "../../values/encoded.ts";
import { LIMITS } from "../../values/limits.ts";
import { transactionOf, type AsyncSyscall, type SyncSyscall } from "./host.ts";

export const metadataSyncSyscalls: Record<string, SyncSyscall> = {
  "1.0/getSnapshotTs": (_host, frame) =>
    JSON.stringify({ $integer: encodeInt64(transactionOf(frame).ts) }),
};

export const metadataSyscalls: Record<string, AsyncSyscall> = {
  "1.0/getUserIdentity": (_host, frame) => {
    if (frame.transaction !== null) frame.transaction.identityRead = true;
    // Components never see who is signed in; the app decides what to pass on.
    return JSON.stringify(frame.component.path === "" ? frame.identity : null);
  },
  "1.0/getTransactionMetrics": (_host, frame) => {
    const transaction = transactionOf(frame);
    const metric = (used: number, limit: number) => ({
      used,
      remaining: Math.max(0, limit - used),
    });
    return JSON.stringify({
      bytesRead: metric(transaction.readBytes, LIMITS.readBytes),
      bytesWritten: metric(transaction.writtenBytes, LIMITS.writeBytes),
      databaseQueries: metric(transaction.readRanges, LIMITS.readRanges),
      documentsRead: metric(transaction.readDocuments, LIMITS.readDocuments),
      documentsWritten: metric(transaction.writtenDocuments, LIMITS.writeDocuments),
      functionsScheduled: metric(transaction.scheduled.length, LIMITS.scheduledFunctions),
      scheduledFunctionArgsBytes: metric(transaction.scheduledBytes, LIMITS.scheduledBytes),
      filesWritten: metric(transaction.files.written, LIMITS.transactionFiles),
      fileWriteBytes: metric(transaction.files.writtenBytes, LIMITS.transactionFileBytes),
      filesRead: metric(transaction.files.read, LIMITS.transactionFiles),
      fileReadBytes: metric(transaction.files.readBytes, LIMITS.transactionFileBytes),
    });
  },
  "1.0/getFunctionMetadata": (_host, frame) =>
    JSON.stringify({ name: frame.path, componentPath: frame.component.path }),
  "1.0/getDeploymentMetadata": (host) =>
    JSON.stringify({ name: host.deploymentName(), region: null, class: "s16" }),
  "1.0/getRequestMetadata": (_host, frame) =>
    JSON.stringify({
      ip: null,
      userAgent: null,
      requestId: frame.requestId,
      scheduledFunctionId: frame.scheduledJobId,
      authToken: null,
    }),
};
