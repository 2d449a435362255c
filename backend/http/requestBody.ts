/** Reads request bodies whole, up to a limit. */
import { type IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { badRequest, HttpError } from "./httpError.ts";

const EMPTY = new Uint8Array(0);
const DECODERS = {
  br: promisify(brotliDecompress),
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
};

/**
 * The body in a buffer of its own size (so that it can be transferred to another thread). Rejects with HttpError 413 above
 * `limitBytes` and 400 if the client goes away in the middle.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) {
    request.resume();
    return Promise.reject(tooLarge(limitBytes));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) {
        chunks.push(chunk);
        return;
      }
      // The rest is read and dropped: closing the connection on a client that still sends would lose our answer.
      chunks.length = 0;
      reject(tooLarge(limitBytes));
    });
    request.on("end", () => {
      if (size <= limitBytes) resolve(join(chunks, size));
    });
    request.on("error", () => reject(badRequest("ClientDisconnect", "The request was cut off.")));
  });
}

/** The parsed JSON body, decompressed as its Content-Encoding says. Undefined if there is none. */
export async function readJson(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  const body = await decode(await readBody(request, limitBytes), request, limitBytes);
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString("utf8"));
  } catch {
    throw badRequest("BadJsonBody", "The request body is not valid JSON.");
  }
}

async function decode(
  body: Uint8Array,
  request: IncomingMessage,
  limitBytes: number,
): Promise<Uint8Array> {
  const encoding = request.headers["content-encoding"]?.toLowerCase() ?? "identity";
  if (encoding === "identity" || body.length === 0) return body;
  if (!isKnownEncoding(encoding)) {
    throw new HttpError(415, "UnsupportedEncoding", `Content-Encoding "${encoding}" is not known.`);
  }
  try {
    return await DECODERS[encoding](body, { maxOutputLength: limitBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(limitBytes);
    throw badRequest("BadEncoding", `The request body is not ${encoding}.`);
  }
}

const isKnownEncoding = (encoding: string): encoding is keyof typeof DECODERS =>
  Object.hasOwn(DECODERS, encoding);

const tooLarge = (limitBytes: number): HttpError =>
  new HttpError(413, "RequestBodyTooLarge", `The request body is larger than ${limitBytes} bytes.`);

/** Chunks are views into large read buffers: copied once, they do not keep those alive. */
function join(chunks: Buffer[], size: number): Uint8Array {
  if (size === 0) return EMPTY;
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}
