/** The endpoints of `convex export` and `convex import`. */
import { finishUploadBody, parseBody } from "../bodies.ts";
import type { DeployRoute } from "../route.ts";
import type { Exports } from "./exports.ts";
import type { Imports } from "./imports.ts";

export function snapshotRoutes(exports: Exports, imports: Imports): DeployRoute[] {
  return [
    {
      method: "POST",
      path: "/api/export/request/zip",
      handler: async ({ query }) => {
        await exports.request(query.get("includeStorage") === "true");
        return { json: {} };
      },
    },
    {
      method: "GET",
      path: "/api/export/zip/*",
      handler: async ({ rest }) => ({
        headers: {
          "content-type": "application/zip",
          "content-disposition": `attachment; filename=snapshot_${encodeURIComponent(rest)}.zip`,
        },
        file: exports.file(rest),
      }),
    },
    {
      method: "POST",
      path: "/api/import/start_upload",
      handler: async () => ({ json: imports.startUpload() }),
    },
    {
      method: "POST",
      path: "/api/import/upload_part",
      takes: "bytes",
      handler: async ({ query, bytes }) => ({
        json: await imports.uploadPart(
          query.get("uploadToken") ?? "",
          Number(query.get("partNumber")),
          bytes,
        ),
      }),
    },
    {
      method: "POST",
      path: "/api/import/finish_upload",
      handler: async ({ body }) => ({
        json: await imports.finishUpload(parseBody(finishUploadBody, body)),
      }),
    },
    {
      method: "POST",
      path: "/api/perform_import",
      handler: async ({ body }) => {
        imports.perform(String((body as { importId?: unknown } | undefined)?.importId));
        return { json: {} };
      },
    },
  ];
}
