/** Writes a ZIP file as a stream, one entry after the other, with memory for one chunk only. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createDeflateRaw } from "node:zlib";
import {
  CENTRAL_HEADER,
  DATA_DESCRIPTOR,
  DEFLATED,
  END,
  FLAGS,
  LOCAL_HEADER,
  MAX_16,
  MAX_32,
  record,
  ZIP64_END,
  ZIP64_END_BYTES,
  ZIP64_EXTRA,
  ZIP64_LOCATOR,
  type ZipEntry,
} from "./format.ts";

export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

const VERSION = 45;
/** Made on Unix, where a regular file is readable by all and writable by its owner. */
const MADE_BY = (3 << 8) | VERSION;
const PERMISSIONS = (0o100644 << 16) >>> 0;

export class ZipWriter {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #level: number;
  readonly #entries: ZipEntry[] = [];
  readonly #time = dosTime(new Date());
  #offset = 0;

  /** `write` resolves when it can take more. `level` is zlib's. */
  constructor(write: (bytes: Uint8Array) => Promise<void>, level = 6) {
    this.#write = write;
    this.#level = level;
  }

  /** Adds a file. Names use slashes. */
  async add(name: string, chunks: Chunks): Promise<void> {
    const entry = { name, method: DEFLATED, crc32: 0, compressedBytes: 0, sizeBytes: 0 };
    const offset = this.#offset;
    const nameBytes = Buffer.from(name);
    await this.#put(
      record(
        [4, LOCAL_HEADER],
        ...this.#common(),
        ...([4, 4, 4] as const).map((bytes): [4, number] => [bytes, 0]),
        [2, nameBytes.length],
        [2, 0],
      ),
    );
    await this.#put(nameBytes);
    async function* measured(): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        entry.crc32 = crc32(chunk, entry.crc32);
        entry.sizeBytes += chunk.byteLength;
        yield chunk;
      }
    }
    const deflate = createDeflateRaw({ level: this.#level });
    await pipeline(Readable.from(measured(), { objectMode: true }), deflate, async (packed) => {
      for await (const chunk of packed as AsyncIterable<Buffer>) {
        entry.compressedBytes += chunk.length;
        await this.#put(chunk);
      }
    });
    const isLarge = entry.sizeBytes >= MAX_32 || entry.compressedBytes >= MAX_32;
    const width = isLarge ? 8 : 4;
    await this.#put(
      record(
        [4, DATA_DESCRIPTOR],
        [4, entry.crc32],
        [width, entry.compressedBytes],
        [width, entry.sizeBytes],
      ),
    );
    this.#entries.push({ ...entry, offset });
  }

  /** Writes the directory. Nothing can be added afterwards. */
  async finish(): Promise<void> {
    const start = this.#offset;
    for (const entry of this.#entries) await this.#put(this.#centralHeader(entry));
    const count = this.#entries.length;
    const sizeBytes = this.#offset - start;
    if (count >= MAX_16 || start >= MAX_32 || sizeBytes >= MAX_32) {
      const zip64Start = this.#offset;
      await this.#put(
        record(
          [4, ZIP64_END],
          [8, ZIP64_END_BYTES - 12],
          [2, MADE_BY],
          [2, VERSION],
          [4, 0],
          [4, 0],
          [8, count],
          [8, count],
          [8, sizeBytes],
          [8, start],
        ),
      );
      await this.#put(record([4, ZIP64_LOCATOR], [4, 0], [8, zip64Start], [4, 1]));
    }
    const shown = Math.min(count, MAX_16);
    await this.#put(
      record(
        [4, END],
        [2, 0],
        [2, 0],
        [2, shown],
        [2, shown],
        [4, Math.min(sizeBytes, MAX_32)],
        [4, Math.min(start, MAX_32)],
        [2, 0],
      ),
    );
  }

  #centralHeader(entry: ZipEntry): Buffer {
    const { sizeBytes, compressedBytes, offset } = entry;
    const large = [sizeBytes, compressedBytes, offset].filter((value) => value >= MAX_32);
    const extra =
      large.length === 0
        ? Buffer.alloc(0)
        : record(
            [2, ZIP64_EXTRA],
            [2, large.length * 8],
            ...large.map((value): [8, number] => [8, value]),
          );
    const name = Buffer.from(entry.name);
    const fixed = record(
      [4, CENTRAL_HEADER],
      [2, MADE_BY],
      ...this.#common(),
      [4, entry.crc32],
      [4, Math.min(compressedBytes, MAX_32)],
      [4, Math.min(sizeBytes, MAX_32)],
      [2, name.length],
      [2, extra.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, PERMISSIONS],
      [4, Math.min(offset, MAX_32)],
    );
    return Buffer.concat([fixed, name, extra]);
  }

  /** What local and central headers have in common after their first fields. */
  #common(): [2 | 4, number][] {
    return [
      [2, VERSION],
      [2, FLAGS],
      [2, DEFLATED],
      [2, this.#time.time],
      [2, this.#time.date],
    ];
  }

  async #put(bytes: Uint8Array): Promise<void> {
    this.#offset += bytes.byteLength;
    await this.#write(bytes);
  }
}

function dosTime(at: Date): { time: number; date: number } {
  return {
    time: (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1),
    date: ((at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate(),
  };
}
