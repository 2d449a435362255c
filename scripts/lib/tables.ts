/**
 * Whole tables of a deployment, read and written through the doors of `convex data` and `convex import`: the only ones
 * through which a document can have been created a year ago. For the demo and the benchmarks; a real installation never uses this.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import type { Backend } from "./backend.ts";

export type Row = Record<string, unknown>;
type AdminClient = ConvexHttpClient & { setAdminAuth(key: string): void };
type Page = { page: Row[]; isDone: boolean; continueCursor: string };
type ImportState = { state: string; error_message?: string };

const tableData = makeFunctionReference<"query", Row, Page>("_system/cli/tableData");
const queryImport = makeFunctionReference<"query", Row, { state: ImportState }>(
  "_system/cli/queryImport",
);
/** The official CLI uploads in parts of this size too. */
const PART_CHARACTERS = 5_000_000;
const PAGE_ROWS = 1_000;
const POLL_MS = 50;

export class Tables {
  readonly #backend: Pick<Backend, "url" | "adminKey">;
  readonly #client: AdminClient;

  constructor(backend: Pick<Backend, "url" | "adminKey">) {
    this.#backend = backend;
    this.#client = new ConvexHttpClient(backend.url, { logger: false }) as AdminClient;
    this.#client.setAdminAuth(backend.adminKey);
  }

  /** All documents, oldest first. */
  async read(table: string): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor: string | null = null;
    for (;;) {
      const paginationOpts = { cursor, numItems: PAGE_ROWS };
      const page: Page = await this.#client.query(tableData, {
        table,
        order: "asc",
        paginationOpts,
      });
      rows.push(...page.page);
      if (page.isDone) return rows;
      cursor = page.continueCursor;
    }
  }

  /** Adds documents: with a creation time where they have one, and new ids where they have none. */
  async append(table: string, rows: Iterable<Row>): Promise<void> {
    await this.#import(table, "append", rows);
  }

  /** These documents and no others. */
  async replace(table: string, rows: Iterable<Row>, componentPath = ""): Promise<void> {
    await this.#import(table, "replace", rows, componentPath);
  }

  async #import(
    tableName: string,
    mode: string,
    rows: Iterable<Row>,
    componentPath = "",
  ): Promise<void> {
    const { uploadToken = "" } = await this.#post("/api/import/start_upload", "");
    const partTokens: unknown[] = [];
    for (const part of partsOf(rows)) {
      const query = `uploadToken=${uploadToken}&partNumber=${partTokens.length + 1}`;
      partTokens.push(await this.#post(`/api/import/upload_part?${query}`, part));
    }
    if (partTokens.length === 0 && mode === "append") return;
    const upload = {
      import: { format: "jsonLines", mode, tableName, componentPath },
      ...{ uploadToken, partTokens },
    };
    const { importId } = await this.#post("/api/import/finish_upload", JSON.stringify(upload));
    await this.#settled(importId, "waiting_for_confirmation");
    await this.#post("/api/perform_import", JSON.stringify({ importId }));
    await this.#settled(importId, "completed");
  }

  async #settled(importId: string | undefined, wanted: string): Promise<void> {
    for (;;) {
      const { state } = await this.#client.query(queryImport, { importId });
      if (state.state === wanted) return;
      if (state.state === "failed") throw new Error(state.error_message);
      await sleep(POLL_MS);
    }
  }

  async #post(path: string, body: string): Promise<Record<string, string>> {
    const headers = { authorization: `Convex ${this.#backend.adminKey}` };
    const response = await fetch(this.#backend.url + path, { method: "POST", body, headers });
    if (!response.ok)
      throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, string>;
  }
}

function* partsOf(rows: Iterable<Row>): Generator<string> {
  let lines: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const line = JSON.stringify(row);
    lines.push(line);
    characters += line.length;
    if (characters < PART_CHARACTERS) continue;
    yield `${lines.join("\n")}\n`;
    lines = [];
    characters = 0;
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
}
