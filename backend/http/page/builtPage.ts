/** Serves a built single-page app: its files, and index.html for every address that the app itself routes. */
import { type IncomingMessage, type ServerResponse } from "node:http";
import { extname } from "node:path";
import { HttpError } from "../httpError.ts";
import { encoded, type Encoding, Files, type StoredFile } from "./files.ts";
import { contentType } from "./fileTypes.ts";
import { type PageHeaders, securityHeaders } from "./securityHeaders.ts";

/** Vite names the files in here after their content. */
const HASHED_FOLDER = "/assets/";
const FOREVER = "public, max-age=31536000, immutable";
/** Kept, but asked about each time: the answer is mostly 304. */
const REVALIDATED = "no-cache";

export class BuiltPage {
  readonly #files: Files;
  readonly #headers: Record<string, string>;

  constructor(folder: string, headers: PageHeaders) {
    this.#files = new Files(folder);
    this.#headers = securityHeaders(headers);
  }

  /** Rejects with HttpError 404 for files that are not there, 405 for other methods than GET and HEAD. */
  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      throw new HttpError(405, "MethodNotAllowed", "Only GET and HEAD are allowed here.");
    }
    const decoded = decodePath(path);
    const { file, served } = await this.#find(decoded);
    if (file === null) {
      throw new HttpError(404, "NotFound", `There is no file ${path} here.`);
    }
    const wanted = chooseEncoding(request.headers["accept-encoding"]);
    const { bytes, encoding } = await encoded(file, served, wanted);
    // One file in two encodings is two representations, which share no strong tag.
    const etag = encoding === "identity" ? file.etag : `${file.etag.slice(0, -1)}-${encoding}"`;
    const headers: Record<string, string | number> = {
      ...this.#headers,
      "cache-control": served.startsWith(HASHED_FOLDER) ? FOREVER : REVALIDATED,
      etag,
      vary: "Accept-Encoding",
    };
    if (isCurrent(request.headers["if-none-match"], etag)) {
      response.writeHead(304, headers).end();
      return;
    }
    if (encoding !== "identity") headers["content-encoding"] = encoding;
    headers["content-type"] = contentType(served);
    headers["content-length"] = bytes.length;
    response.writeHead(200, headers).end(bytes);
  }

  async #find(path: string): Promise<{ file: StoredFile | null; served: string }> {
    const served = path.endsWith("/") ? `${path}index.html` : path;
    const file = await this.#files.find(served);
    // An address with an extension names a file: the app's page instead of it would be taken for that file.
    if (file !== null || extname(path) !== "") return { file, served };
    return { file: await this.#files.find("/index.html"), served: "/index.html" };
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new HttpError(400, "BadPath", "The path is not valid percent-encoding.");
  }
}

function chooseEncoding(header: string | string[] | undefined): Encoding {
  const accepted = new Set<string>();
  for (const part of String(header ?? "").split(",")) {
    const [name = "", quality] = part.trim().toLowerCase().split(";q=");
    if (quality === undefined || Number(quality) > 0) accepted.add(name);
  }
  if (accepted.has("br")) return "br";
  return accepted.has("gzip") ? "gzip" : "identity";
}

/** `If-None-Match` compares weakly: a proxy may have put `W/` before our tag. */
function isCurrent(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header
    .split(",")
    .map((tag) => tag.trim())
    .some((tag) => tag === etag || tag === `W/${etag}` || tag === "*");
}
