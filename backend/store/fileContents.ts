/**
 * The contents of stored files, one file on disk for each, under a name that nobody can guess. Rows in the database say
 * which exist; this knows nothing of them.
 *
 * On disk and not in SQLite, because a large file in the database would stand in the one line in which every heartbeat
 * waits, and would be written twice (log, then pages). It is crash safe by order alone: contents are complete and synced,
 * with their folder entry, before the row that names them is committed, and they are removed only when no row does
 * (runtime/fileCollector.ts). What a crash leaves behind has no row: nobody can ask for it, and it is collected.
 */
import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

/** What was written. `sha256` in base64. */
export type WrittenFile = { uuid: string; sha256: string; sizeBytes: number };

export class FileTooLarge extends Error {}

export class FileContents {
  readonly directory: string;

  /** Makes the folder. Throws what the file system says when it cannot. */
  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  static of(dataDir: string): FileContents {
    return new FileContents(join(dataDir, "files"));
  }

  pathOf(uuid: string): string {
    return join(this.directory, uuid);
  }

  /** Writes chunk by chunk; resolves when everything is on disk. Leaves nothing when it rejects. */
  async write(chunks: AsyncIterable<Uint8Array>, limitBytes: number): Promise<WrittenFile> {
    const uuid = randomUUID();
    const path = this.pathOf(uuid);
    const hash = createHash("sha256");
    let sizeBytes = 0;
    const handle = await open(path, "wx", 0o600);
    try {
      for await (const chunk of chunks) {
        sizeBytes += chunk.byteLength;
        if (sizeBytes > limitBytes) throw new FileTooLarge(tooLarge(limitBytes));
        hash.update(chunk);
        await writeAll(handle, chunk);
      }
      await handle.sync();
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(path, { force: true });
      throw error;
    }
    await handle.close();
    await this.#syncDirectory();
    return { uuid, sha256: hash.digest("base64"), sizeBytes };
  }

  /** For transactions, which can wait for nothing else. */
  writeNow(bytes: Uint8Array, limitBytes: number): WrittenFile {
    if (bytes.byteLength > limitBytes) throw new FileTooLarge(tooLarge(limitBytes));
    const uuid = randomUUID();
    const file = openSync(this.pathOf(uuid), "wx", 0o600);
    try {
      for (let at = 0; at < bytes.byteLength;) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    const directory = openSync(this.directory, "r");
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
    const sha256 = createHash("sha256").update(bytes).digest("base64");
    return { uuid, sha256, sizeBytes: bytes.byteLength };
  }

  readNow(uuid: string): Uint8Array {
    return readFileSync(this.pathOf(uuid));
  }

  /** To be called when the name is taken off the record: the contents stay for as long as if they were written now. */
  touchNow(uuid: string): void {
    const now = new Date();
    try {
      utimesSync(this.pathOf(uuid), now, now);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }

  async remove(uuid: string): Promise<void> {
    await rm(this.pathOf(uuid), { force: true });
  }

  async #syncDirectory(): Promise<void> {
    const directory = await open(this.directory, "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength;) {
    const { bytesWritten } = await handle.write(bytes, at);
    at += bytesWritten;
  }
}

const tooLarge = (limitBytes: number): string =>
  `The file is larger than the limit of ${limitBytes} bytes.`;
