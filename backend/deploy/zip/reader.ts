/** Reads entries of a ZIP file on disk as streams, in any order. Checks sizes and checksums; trusts no number in it. */
import { createReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { crc32, createInflateRaw } from "node:zlib";
import {
  CENTRAL_HEADER,
  CENTRAL_HEADER_BYTES,
  DEFLATED,
  END,
  END_BYTES,
  LOCAL_HEADER,
  LOCAL_HEADER_BYTES,
  MAX_16,
  MAX_32,
  STORED,
  ZIP64_END,
  ZIP64_END_BYTES,
  ZIP64_EXTRA,
  ZIP64_LOCATOR,
  ZIP64_LOCATOR_BYTES,
  type ZipEntry,
} from "./format.ts";

/** The file is no ZIP file, or is damaged. */
export class InvalidZip extends Error {}

/** A directory of a million files. */
const MAX_DIRECTORY_BYTES = 256 << 20;
const MAX_COMMENT_BYTES = MAX_16;

export class ZipReader {
  readonly entries: ZipEntry[];
  readonly #path: string;

  private constructor(path: string, entries: ZipEntry[]) {
    this.#path = path;
    this.entries = entries;
  }

  static async open(path: string): Promise<ZipReader> {
    const file = await open(path, "r");
    try {
      return new ZipReader(path, await readDirectory(file));
    } finally {
      await file.close();
    }
  }

  /** The contents of an entry. Throws InvalidZip at the end when they are not what the directory says. */
  async *read(entry: ZipEntry): AsyncGenerator<Buffer> {
    const start = await this.#dataStart(entry);
    let sum = 0;
    let sizeBytes = 0;
    if (entry.compressedBytes > 0) {
      for await (const chunk of this.#unpacked(entry, start)) {
        sum = crc32(chunk, sum);
        sizeBytes += chunk.length;
        // A bomb says that it is small.
        if (sizeBytes > entry.sizeBytes) break;
        yield chunk;
      }
    }
    if (sizeBytes !== entry.sizeBytes || sum !== entry.crc32) {
      throw new InvalidZip(`${entry.name} in the ZIP file is damaged.`);
    }
  }

  async *#unpacked(entry: ZipEntry, start: number): AsyncGenerator<Buffer> {
    const { method, compressedBytes, name } = entry;
    if (method !== STORED && method !== DEFLATED) {
      throw new InvalidZip(`${name} in the ZIP file is packed in a way that is not supported.`);
    }
    const packed = createReadStream(this.#path, { start, end: start + compressedBytes - 1 });
    const stream = method === STORED ? packed : packed.pipe(createInflateRaw());
    packed.on("error", (error) => stream.destroy(error));
    try {
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (error) {
      throw new InvalidZip(`${name} in the ZIP file is damaged.`, { cause: error });
    } finally {
      packed.destroy();
    }
  }

  async #dataStart({ offset, name }: ZipEntry): Promise<number> {
    const file = await open(this.#path, "r");
    try {
      const header = await readAt(file, offset, LOCAL_HEADER_BYTES);
      if (header.readUInt32LE(0) !== LOCAL_HEADER) {
        throw new InvalidZip(`${name} in the ZIP file is damaged.`);
      }
      return offset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
    } finally {
      await file.close();
    }
  }
}

async function readDirectory(file: FileHandle): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  const tailBytes = Math.min(size, END_BYTES + MAX_COMMENT_BYTES + ZIP64_LOCATOR_BYTES);
  const tail = await readAt(file, size - tailBytes, tailBytes);
  let at = tail.length - END_BYTES;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
  if (at < 0) throw new InvalidZip("The file is not a ZIP file, or its end is missing.");
  let count = tail.readUInt16LE(at + 10);
  let directoryBytes = tail.readUInt32LE(at + 12);
  let start = tail.readUInt32LE(at + 16);
  if (count === MAX_16 || directoryBytes === MAX_32 || start === MAX_32) {
    const locator = at - ZIP64_LOCATOR_BYTES;
    if (locator >= 0 && tail.readUInt32LE(locator) === ZIP64_LOCATOR) {
      const end = await readAt(file, int64(tail, locator + 8), ZIP64_END_BYTES);
      if (end.readUInt32LE(0) !== ZIP64_END) throw damaged();
      count = int64(end, 32);
      directoryBytes = int64(end, 40);
      start = int64(end, 48);
    }
  }
  if (directoryBytes > MAX_DIRECTORY_BYTES) {
    throw new InvalidZip("The ZIP file holds too many files.");
  }
  return parseDirectory(await readAt(file, start, directoryBytes), count);
}

function parseDirectory(directory: Buffer, count: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  while (entries.length < count) {
    if (at + CENTRAL_HEADER_BYTES > directory.length) throw damaged();
    if (directory.readUInt32LE(at) !== CENTRAL_HEADER) throw damaged();
    const nameBytes = directory.readUInt16LE(at + 28);
    const extraBytes = directory.readUInt16LE(at + 30);
    const commentBytes = directory.readUInt16LE(at + 32);
    const nameAt = at + CENTRAL_HEADER_BYTES;
    const extra = directory.subarray(nameAt + nameBytes, nameAt + nameBytes + extraBytes);
    entries.push(
      withLargeValues(extra, {
        name: directory.toString("utf8", nameAt, nameAt + nameBytes),
        method: directory.readUInt16LE(at + 10),
        crc32: directory.readUInt32LE(at + 16),
        compressedBytes: directory.readUInt32LE(at + 20),
        sizeBytes: directory.readUInt32LE(at + 24),
        offset: directory.readUInt32LE(at + 42),
      }),
    );
    at = nameAt + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

/** The ZIP64 extra holds those of the three that did not fit, in this order. */
function withLargeValues(extra: Buffer, entry: ZipEntry): ZipEntry {
  let at = 0;
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== ZIP64_EXTRA)
    at += 4 + extra.readUInt16LE(at + 2);
  at += 4;
  const large = { ...entry };
  for (const field of ["sizeBytes", "compressedBytes", "offset"] as const) {
    if (entry[field] !== MAX_32 || at + 8 > extra.length) continue;
    large[field] = int64(extra, at);
    at += 8;
  }
  return large;
}

function int64(buffer: Buffer, at: number): number {
  const value = Number(buffer.readBigUInt64LE(at));
  if (!Number.isSafeInteger(value)) throw damaged();
  return value;
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  if (bytesRead < length) throw damaged();
  return buffer;
}

const damaged = () => new InvalidZip("The ZIP file is damaged.");
