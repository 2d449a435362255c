/**
 * `ctx.storage` in actions: contents are streamed to and from the disk right here, rows are read and written by the
 * executor.
 */
import { openAsBlob } from "node:fs";
import type { FileContents } from "../../store/fileContents.ts";
import { LIMITS } from "../../values/limits.ts";
import { checkSha256, type fileOperations } from "../fileAccess.ts";
import type { Frame } from "../frame.ts";
import type { StoredFile } from "../storedFiles.ts";

/** Has an operation on rows performed; resolves with the JSON of its result. */
export type AskForFile = (
  frame: Frame,
  operation: keyof typeof fileOperations,
  args: Record<string, unknown>,
) => Promise<string>;

/** Syscalls that are no more than one operation. */
export const FILE_SYSCALLS: Record<string, keyof typeof fileOperations> = {
  "1.0/storageGetUrl": "getUrl",
  "1.0/storageGetMetadata": "getMetadata",
  "1.0/storageGenerateUploadUrl": "generateUploadUrl",
  "1.0/storageDelete": "delete",
};

type StoreArgs = { blob: unknown; options?: { sha256?: string } };

export async function storeBlob(
  frame: Frame,
  args: Record<string, unknown>,
  contents: FileContents,
  ask: AskForFile,
): Promise<string> {
  const { blob, options } = args as unknown as StoreArgs;
  if (!(blob instanceof Blob)) {
    throw new Error(
      "storage.store() takes a Blob. Of a Request or Response, give `await it.blob()`.",
    );
  }
  const file = await contents.write(blob.stream(), LIMITS.fileBytes);
  try {
    checkSha256(file, options?.sha256 ?? null);
  } catch (error) {
    await contents.remove(file.uuid);
    throw error;
  }
  const contentType = blob.type === "" ? null : blob.type;
  return JSON.parse(await ask(frame, "add", { file, contentType })) as string;
}

/** The blob reads from the disk as it is read itself, so that a large file need not fit in memory. */
export async function getBlob(
  frame: Frame,
  args: Record<string, unknown>,
  contents: FileContents,
  ask: AskForFile,
): Promise<Blob | null> {
  const { storageId } = args;
  const file = JSON.parse(await ask(frame, "find", { storageId })) as StoredFile | null;
  if (file === null) return null;
  return openAsBlob(contents.pathOf(file.uuid), { type: file.contentType ?? "" });
}
