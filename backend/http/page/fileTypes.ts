/** Content types of the files of a built page, and which are worth compressing. */
import { extname } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".sh": "text/plain; charset=utf-8",
  ".xml": "application/xml",
  ".wasm": "application/wasm",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".ico": "image/x-icon",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};

const INCOMPRESSIBLE = new Set(".png .jpg .jpeg .gif .webp .avif .woff .woff2".split(" "));

export const contentType = (path: string): string =>
  TYPES[extname(path).toLowerCase()] ?? "application/octet-stream";

export const isCompressible = (path: string): boolean =>
  !INCOMPRESSIBLE.has(extname(path).toLowerCase());
