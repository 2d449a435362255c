/** Uploads to and downloads from file storage. Bodies of any size pass through in pieces, never whole. */
import { type FileHandle, open } from "node:fs/promises";
import { type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { type Files } from "../runtime/files.ts";
import { type StoredFile } from "../runtime/storedFiles.ts";
import { FileTooLarge, type WrittenFile } from "../store/fileContents.ts";
import { LIMITS } from "../values/limits.ts";
import { type ByteRange, parseRange } from "./byteRange.ts";
import { badRequest, HttpError } from "./httpError.ts";
import { type Exchange, type Route } from "./route.ts";
import { sendJson } from "./send.ts";

const NAME = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What a name stands for never changes. */
const CACHE_CONTROL = "private, max-age=2592000";

export const fileRoutes = (files: Files): Route[] => [
  {
    method: "POST",
    path: "/api/storage/upload",
    handle: (exchange) => upload(files, exchange),
  },
  {
    method: "GET",
    path: "/api/storage/*",
    handle: (exchange) => download(files, exchange),
  },
];

async function upload(files: Files, { request, response, query }: Exchange): Promise<void> {
  try {
    const componentPath = files.uploadTarget(new URLSearchParams(query).get("token") ?? "");
    const announced = digestOf(request);
    if (Number(request.headers["content-length"] ?? 0) > LIMITS.fileBytes) throw tooLarge();
    const file = await write(files, request);
    if (announced !== null && announced !== file.sha256) {
      await files.contents.remove(file.uuid);
      throw badRequest("Sha256Mismatch", `The sha256 of the body is ${file.sha256}.`);
    }
    const contentType = request.headers["content-type"] ?? null;
    const storageId = await files.add(componentPath, file, contentType);
    sendJson(response, 200, JSON.stringify({ storageId }));
  } catch (error) {
    // What the client still sends is read and dropped, or it would not hear the answer.
    request.resume();
    throw error;
  }
}

async function write(files: Files, request: IncomingMessage): Promise<WrittenFile> {
  try {
    const chunks = request.iterator({ destroyOnReturn: false });
    return await files.contents.write(chunks, LIMITS.fileBytes);
  } catch (error) {
    if (error instanceof FileTooLarge) throw tooLarge();
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT") {
      throw new HttpError(507, "DiskFull", "There is no space left for this file.");
    }
    if (request.errored !== null) throw badRequest("ClientDisconnect", "The upload was cut off.");
    throw error;
  }
}

/** The `Digest` header's sha-256 in base64, or null when the client announces none. */
function digestOf({ headers }: IncomingMessage): string | null {
  const { digest } = headers;
  if (digest === undefined) return null;
  const text = Array.isArray(digest) ? digest.join(",") : digest;
  for (const one of text.split(",")) {
    const sha256 = /^\s*sha-256=([A-Za-z0-9+/]{43}=)\s*$/i.exec(one)?.[1];
    if (sha256 !== undefined) return sha256;
  }
  throw badRequest("BadHeader", 'The Digest header must be "sha-256=<base64>".');
}

async function download(files: Files, exchange: Exchange): Promise<void> {
  const { request, response, query, rest } = exchange;
  if (!NAME.test(rest)) {
    throw badRequest(
      "InvalidStoragePath",
      "This is no address of a file: `storage.getUrl()` gives one.",
    );
  }
  const componentPath = new URLSearchParams(query).get("component") ?? "";
  const file = await files.find(componentPath, rest);
  if (file === null) throw notFound();
  const range = parseRange(request.headers.range, file.sizeBytes);
  if (range === "unsatisfiable") {
    const size = { "content-range": `bytes */${file.sizeBytes}`, "content-length": 0 };
    response.writeHead(416, size).end();
    return;
  }
  const handle = await openWhole(files.contents.pathOf(rest), file.sizeBytes);
  try {
    writeHead(response, file, range);
    if (request.method === "HEAD" || file.sizeBytes === 0) response.end();
    else await pipeline(handle.createReadStream({ ...range, autoClose: false }), response);
  } catch (error) {
    // The client went away in the middle: there is nobody to tell.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  } finally {
    await handle.close();
  }
}

function writeHead(response: ServerResponse, file: StoredFile, range: ByteRange | null): void {
  const { contentType, sha256, sizeBytes } = file;
  response.setHeader("accept-ranges", "bytes");
  response.setHeader("cache-control", CACHE_CONTROL);
  response.setHeader("x-content-type-options", "nosniff");
  if (contentType !== null) response.setHeader("content-type", contentType);
  // Whoever may upload must not get to run scripts on the origin of the page. Viewers of PDF do not work in a sandbox.
  if (contentType !== "application/pdf") {
    response.setHeader("content-security-policy", "sandbox; default-src 'none'");
  }
  if (range === null) {
    response.writeHead(200, { "content-length": sizeBytes, digest: `sha-256=${sha256}` });
    return;
  }
  const { start, end } = range;
  response.writeHead(206, {
    "content-length": end - start + 1,
    "content-range": `bytes ${start}-${end}/${sizeBytes}`,
  });
}

/** Never serves a part for the whole, whatever happened to the disk. */
async function openWhole(path: string, sizeBytes: number): Promise<FileHandle> {
  const handle = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? notFound() : error;
  });
  const { size } = await handle.stat();
  if (size === sizeBytes) return handle;
  await handle.close();
  throw new Error(`${path} has ${size} bytes instead of ${sizeBytes}.`);
}

const notFound = (): HttpError => new HttpError(404, "FileNotFound", "There is no such file.");

const tooLarge = (): HttpError =>
  new HttpError(413, "FileTooLarge", `The file is larger than ${LIMITS.fileBytes} bytes.`);
