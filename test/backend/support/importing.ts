/** What `convex import` sends, without the second that the CLI needs to start. The CLI itself is tried in cliExport.test.ts. */
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { eventually } from "../../contract/support/failure.ts";
import { ZipReader } from "../../../backend/deploy/zip/reader.ts";
import { ZipWriter } from "../../../backend/deploy/zip/writer.ts";
import { encodeId, newInternalId } from "../../../backend/values/documentId.ts";
import type { BackendProcess } from "../../contract/support/backendProcess.ts";

export type Row = Record<string, unknown>;
type TableData = {
  table: string;
  order: "asc";
  paginationOpts: { cursor: null; numItems: number };
};
type ImportState = { state: string; error_message?: string; num_rows_written?: bigint };
type AdminClient = ConvexHttpClient & {
  setAdminAuth(key: string): void;
  function(fn: unknown, component: string | undefined, args: unknown): Promise<unknown>;
};

const tableData = makeFunctionReference<"query">("_system/cli/tableData");
const queryImport = makeFunctionReference<"query">("_system/cli/queryImport");

type Target = Pick<BackendProcess, "url" | "adminKey">;

const adminClient = ({ url, adminKey }: Target) => {
  const client = new ConvexHttpClient(url, { logger: false }) as AdminClient;
  client.setAdminAuth(adminKey);
  return client;
};

/** All documents of a table, oldest first, as a client sees them. */
export const rowsOf = async (backend: Target, table: string, component?: string) => {
  const args: TableData = { table, order: "asc", paginationOpts: { cursor: null, numItems: 1000 } };
  const answer = await adminClient(backend).function(tableData, component, args);
  return (answer as { page: Row[] }).page;
};

/** Resolves with the number of documents; rejects with what the CLI would print. */
export const importFile = async (
  backend: Target,
  contents: Uint8Array | string,
  args: { format: string; mode?: string; tableName?: string },
): Promise<number> => {
  const post = async (path: string, body: BodyInit) => {
    const headers = { authorization: `Convex ${backend.adminKey}` };
    const response = await fetch(`${backend.url}${path}`, { method: "POST", body, headers });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Record<string, string>;
  };
  const { uploadToken = "" } = await post("/api/import/start_upload", "");
  const part = await post(
    `/api/import/upload_part?uploadToken=${uploadToken}&partNumber=1`,
    contents as BodyInit,
  );
  const { importId } = await post(
    "/api/import/finish_upload",
    JSON.stringify({
      import: { mode: "requireEmpty", ...args },
      uploadToken,
      partTokens: [part],
    }),
  );
  const client = adminClient(backend);
  const settled = (states: string[]) =>
    eventually(
      async () => ((await client.query(queryImport, { importId })) as { state: ImportState }).state,
      ({ state }) => states.includes(state),
    );
  const looked = await settled(["waiting_for_confirmation", "failed"]);
  if (looked.state === "failed") throw new Error(looked.error_message);
  await post("/api/perform_import", JSON.stringify({ importId }));
  const done = await settled(["completed", "failed"]);
  if (done.state === "failed") throw new Error(done.error_message);
  return Number(done.num_rows_written);
};

/** What a ZIP file holds, by name. */
export const unzip = async (path: string) => {
  const zip = await ZipReader.open(path);
  const contents: Record<string, Buffer> = {};
  for (const entry of zip.entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of zip.read(entry)) chunks.push(chunk);
    contents[entry.name] = Buffer.concat(chunks);
  }
  return contents;
};

/** A ZIP file with these contents, by name. */
export const zip = async (contents: Record<string, string>) => {
  const chunks: Uint8Array[] = [];
  const writer = new ZipWriter(async (bytes) => void chunks.push(bytes));
  for (const [name, text] of Object.entries(contents)) await writer.add(name, [Buffer.from(text)]);
  await writer.finish();
  return Buffer.concat(chunks);
};

/** Puts a file into the storage of an app that has no function for it. */
export const importStoredFile = async (backend: Target, text: string) => {
  const _id = encodeId({ tableNumber: 540, internalId: newInternalId(Date.now()) });
  const row = { _id, contentType: "text/plain" };
  const contents = await zip({
    "_storage/documents.jsonl": `${JSON.stringify(row)}\n`,
    [`_storage/${_id}.txt`]: text,
  });
  await importFile(backend, contents, { format: "zip", mode: "append" });
};
