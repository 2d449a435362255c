/**
 * What `ctx.storage` offers, each as a small operation on rows. Transactions perform them on themselves; actions and the
 * HTTP server have them performed as builtins (builtins.ts).
 */
import type { FileContents, WrittenFile } from "../store/fileContents.ts";
import { LIMITS } from "../values/limits.ts";
import { addFile, findFile, removeFile, type FileScope, type StoredFile } from "./storedFiles.ts";
import type { UploadTokens } from "./uploadTokens.ts";

export type FileServices = {
  contents: FileContents;
  tokens: UploadTokens;
  /** CONVEX_CLOUD_URL: where files are uploaded to and downloaded from. */
  cloudOrigin: string;
};

export type FileOperation = {
  writes: boolean;
  perform: (scope: FileScope, services: FileServices, args: Record<string, unknown>) => unknown;
};

/** By the method of `ctx.storage`, and two that only the backend itself asks for. */
export const fileOperations = {
  getUrl: {
    writes: false,
    perform: (scope, { cloudOrigin }, { storageId }) => {
      const file = findFile(scope, String(storageId), "getUrl");
      return file === null ? null : urlOf(file.uuid, scope.componentPath, cloudOrigin);
    },
  },
  getMetadata: {
    writes: false,
    perform: (scope, _services, { storageId }) => {
      const file = findFile(scope, String(storageId), "getMetadata");
      if (file === null) return null;
      const { uuid, sizeBytes, contentType } = file;
      const sha256 = Buffer.from(file.sha256, "base64").toString("hex");
      return { storageId: uuid, sha256, size: sizeBytes, contentType };
    },
  },
  generateUploadUrl: {
    writes: false,
    perform: ({ transaction, componentPath }, { cloudOrigin, tokens }) =>
      `${cloudOrigin}/api/storage/upload?token=${tokens.issue(componentPath, transaction.nowMs)}`,
  },
  delete: {
    writes: true,
    perform: (scope, { contents }, { storageId }) => {
      contents.touchNow(removeFile(scope, String(storageId)));
      return null;
    },
  },
  /** The file behind an id: for actions, which read the contents themselves. */
  find: {
    writes: false,
    perform: (scope, _services, { storageId }): StoredFile | null =>
      findFile(scope, String(storageId), "get"),
  },
  /** Puts a file on record whose contents are on disk. */
  add: {
    writes: true,
    perform: (scope, _services, { file, contentType }) =>
      addFile(scope, file as WrittenFile, (contentType as string | null) ?? null),
  },
} satisfies Record<string, FileOperation>;

/** Reads a whole file into a transaction. */
export function readFileNow(
  scope: FileScope,
  { contents }: FileServices,
  storageId: string,
): { blob: string; contentType: string | null } | null {
  const file = findFile(scope, storageId, "get");
  if (file === null) return null;
  scope.transaction.countFileRead(file.sizeBytes);
  const blob = Buffer.from(contents.readNow(file.uuid)).toString("base64");
  return { blob, contentType: file.contentType };
}

/** Writes a whole file from a transaction. If that fails later, the contents have no row and are collected. */
export function writeFileNow(
  scope: FileScope,
  { contents }: FileServices,
  args: { blob: string; contentType: string | null; sha256: string | null },
): string {
  const bytes = Buffer.from(args.blob, "base64");
  scope.transaction.countFileWrite(bytes.byteLength);
  const file = contents.writeNow(bytes, LIMITS.transactionFileBytes);
  checkSha256(file, args.sha256);
  return addFile(scope, file, args.contentType === "" ? null : args.contentType);
}

/** Throws unless the contents have the digest that was announced, in hex or base64. */
export function checkSha256({ sha256 }: WrittenFile, announced: string | null): void {
  if (announced === null || announced === sha256) return;
  if (announced.toLowerCase() === Buffer.from(sha256, "base64").toString("hex")) return;
  throw new Error(`The sha256 of the file is ${sha256}, not ${announced.slice(0, 80)}.`);
}

function urlOf(uuid: string, componentPath: string, cloudOrigin: string): string {
  const component = componentPath === "" ? "" : `?component=${encodeURIComponent(componentPath)}`;
  return `${cloudOrigin}/api/storage/${uuid}${component}`;
}
