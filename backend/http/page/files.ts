/** The files of a folder in memory, each in the encodings that it has been asked for in. Nothing outside the folder. */
import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { isCompressible } from "./fileTypes.ts";

export type Encoding = "br" | "gzip" | "identity";
export type StoredFile = { etag: string; contents: Map<Encoding, Promise<Buffer>> };

const compressors = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes),
};
const SUFFIXES = { br: ".br", gzip: ".gz" };
/** Below this, headers outweigh what is saved. */
const MIN_COMPRESSED_BYTES = 860;

export class Files {
  readonly #folder: string;
  readonly #files = new Map<string, { version: string; file: Promise<StoredFile> }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `path` is decoded and starts with a slash. Null unless it is a file within the folder. */
  async find(path: string): Promise<StoredFile | null> {
    const absolute = await this.#resolve(path);
    const stats = absolute === null ? null : await stat(absolute);
    if (absolute === null || !stats?.isFile()) return null;
    // A new build is seen at once: the files of the folder are few, and asking for their time is cheap.
    const version = `${stats.mtimeMs} ${stats.size}`;
    const known = this.#files.get(absolute);
    if (known?.version === version) return known.file;
    const file = load(absolute);
    this.#files.set(absolute, { version, file });
    file.catch(() => this.#files.delete(absolute));
    return file;
  }

  /** Follows links, so that none leads out of the folder. */
  async #resolve(path: string): Promise<string | null> {
    if (!isPlainPath(path)) return null;
    try {
      const root = await realpath(this.#folder);
      const absolute = await realpath(join(root, path));
      return absolute.startsWith(root + sep) ? absolute : null;
    } catch {
      return null;
    }
  }
}

/** The bytes of a file in an encoding; plain if that is not smaller. */
export async function encoded(
  file: StoredFile,
  path: string,
  encoding: Encoding,
): Promise<{ bytes: Buffer; encoding: Encoding }> {
  const plain = await (file.contents.get("identity") ?? Promise.resolve(Buffer.alloc(0)));
  if (encoding === "identity" || !isCompressible(path) || plain.length < MIN_COMPRESSED_BYTES) {
    return { bytes: plain, encoding: "identity" };
  }
  let compressing = file.contents.get(encoding);
  if (!compressing) {
    compressing = compressors[encoding](plain);
    file.contents.set(encoding, compressing);
  }
  const bytes = await compressing;
  return bytes.length < plain.length ? { bytes, encoding } : { bytes: plain, encoding: "identity" };
}

async function load(absolute: string): Promise<StoredFile> {
  const bytes = await readFile(absolute);
  const contents = new Map<Encoding, Promise<Buffer>>([["identity", Promise.resolve(bytes)]]);
  for (const encoding of ["br", "gzip"] as const) {
    const ready = await readFile(absolute + SUFFIXES[encoding]).catch(() => null);
    if (ready) contents.set(encoding, Promise.resolve(ready));
  }
  const digest = createHash("sha256").update(bytes).digest("base64url");
  return { etag: `"${digest.slice(0, 22)}"`, contents };
}

/** No hidden files, no way up, nothing that another system's path syntax would read differently. */
function isPlainPath(path: string): boolean {
  if (!path.startsWith("/") || path.includes("\0") || path.includes("\\")) return false;
  return path.split("/").every((segment) => !segment.startsWith("."));
}
