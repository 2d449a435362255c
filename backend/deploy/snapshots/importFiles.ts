/** One stored file of an import: its contents on disk, under the name that it had, and the row to be stored for it. */
import { access, open, rename } from "node:fs/promises";
import { ImportError } from "../../runtime/importRules.ts";
import type { ImportRow } from "../../runtime/imports.ts";
import type { FileContents } from "../../store/fileContents.ts";
import type { SourceFile } from "./importSource.ts";

type FileMetadata = {
  _creationTime?: number;
  sha256?: string | null;
  size?: number | null;
  contentType?: string | null;
  internalId?: string | null;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `metadata` is JSON of the file's line in `_storage/documents.jsonl`, if it has one. */
export async function checkedFile(
  contents: FileContents,
  file: SourceFile,
  metadata: string | null,
): Promise<ImportRow> {
  const known = JSON.parse(metadata ?? "{}") as FileMetadata;
  const written = await contents.write(file.contents(), Number.MAX_SAFE_INTEGER);
  const hasOtherHash = known.sha256 != null && known.sha256 !== written.sha256;
  if (hasOtherHash || (known.size != null && known.size !== written.sizeBytes)) {
    await contents.remove(written.uuid);
    throw new ImportError(`The contents of file ${file.id} do not match its sha256 or size.`);
  }
  const row = {
    _id: file.id,
    ...(known._creationTime === undefined ? {} : { _creationTime: known._creationTime }),
    contentType: known.contentType ?? null,
    sha256: written.sha256,
    size: written.sizeBytes,
  };
  const uuid = await underOldName(contents, written.uuid, known.internalId ?? "");
  return { text: JSON.stringify(row), uuid };
}

/** URLs of the file go on working if no other file has its name here. */
async function underOldName(contents: FileContents, uuid: string, old: string): Promise<string> {
  if (!UUID.test(old)) return uuid;
  const isFree = await access(contents.pathOf(old)).then(
    () => false,
    () => true,
  );
  if (!isFree) return uuid;
  await rename(contents.pathOf(uuid), contents.pathOf(old));
  const directory = await open(contents.directory, "r");
  await directory.sync().finally(() => directory.close());
  return old;
}
