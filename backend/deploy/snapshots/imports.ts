/**
 * `convex import`: uploaded in parts, looked at, confirmed by whoever imports, then performed. One job at a time.
 *
 *   uploaded ──▶ waiting_for_confirmation ──▶ in_progress ──▶ completed
 *       └──────────────────┴───────────────────────┴────────▶ failed
 *
 * A restart fails what was under way: the file is gone then, and the tables are as they were.
 */
import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { EngineError } from "../../runtime/engine.ts";
import type { Supervisor } from "../../runtime/supervisor.ts";
import type { FinishUploadBody } from "../bodies.ts";
import { insist, int64, removeLeftovers, tellState } from "./adminJobs.ts";
import type { ImportArgs, ImportJob } from "./import.worker.ts";
import { runImportJob } from "./importThread.ts";

type Import = { args: ImportArgs; startedMs: number; file: string; isConfirmed: boolean };

type StoredImport = { _id: string; _creationTime: number; state: { state: string } };

/** An upload or an import that nobody goes on with. */
const ABANDONED_MS = 24 * 3600 * 1000;
const REMEMBERED = 20;
const INTERRUPTED = "The import was interrupted by a restart of the backend. Nothing was changed.";
const TOKEN = /^[0-9a-f-]{36}$/;
const FORMATS = ["csv", "jsonLines", "jsonArray", "zip"] as const;
const MODES = ["requireEmpty", "append", "replace", "replaceAll"] as const;

export class Imports {
  readonly #supervisor: Supervisor;
  readonly #dataDir: string;
  readonly #log: (line: string) => void;
  readonly #folder: string;
  readonly #imports = new Map<string, Import>();
  #line: Promise<void> = Promise.resolve();

  constructor(supervisor: Supervisor, dataDir: string, log: (line: string) => void) {
    this.#log = log;
    this.#supervisor = supervisor;
    this.#dataDir = dataDir;
    this.#folder = join(dataDir, "imports");
  }

  startUpload(): { uploadToken: string } {
    const uploadToken = randomUUID();
    const folder = join(this.#folder, uploadToken);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    setTimeout(() => removeLeftovers(folder, this.#log), ABANDONED_MS).unref();
    return { uploadToken };
  }

  /** A part that is sent twice replaces itself. Returns its token. */
  async uploadPart(uploadToken: string, partNumber: number, bytes: Uint8Array): Promise<string> {
    const folder = this.#uploadFolder(uploadToken);
    if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > 10_000)
      throw badRequest("The part number must be between 1 and 10000.");
    await writeFile(join(folder, `part-${partNumber}`), bytes, { mode: 0o600 });
    return String(partNumber);
  }

  async finishUpload(body: FinishUploadBody): Promise<{ importId: string }> {
    const args = importArgs(body.import);
    const folder = this.#uploadFolder(body.uploadToken);
    const parts = body.partTokens.map(Number);
    if (!parts.every((part) => existsSync(join(folder, `part-${part}`))))
      throw badRequest("A part of the upload is missing.");
    const file = join(folder, "file");
    await pipeline(
      async function* () {
        for (const part of parts) yield* createReadStream(join(folder, `part-${part}`));
      },
      createWriteStream(file, { mode: 0o600 }),
    );
    for (const part of parts) rmSync(join(folder, `part-${part}`));
    const importId = randomUUID();
    this.#imports.set(importId, { args, startedMs: Date.now(), file, isConfirmed: false });
    await this.#tell(importId, { state: "uploaded" });
    await this.#forgetOldStates();
    this.#enqueue(importId, "look");
    return { importId };
  }

  perform(importId: string): void {
    const known = this.#imports.get(importId);
    if (known === undefined || known.isConfirmed)
      throw badRequest("There is no import that waits for this confirmation.");
    known.isConfirmed = true;
    this.#enqueue(importId, "perform");
  }

  /** After a start: nothing goes on by itself. */
  async recover(): Promise<void> {
    if (!existsSync(this.#folder)) return;
    rmSync(this.#folder, { recursive: true, force: true });
    for (const { _id, state } of await this.#stored())
      if (state.state !== "completed" && state.state !== "failed")
        await this.#tell(_id, { state: "failed", error_message: INTERRUPTED });
  }

  /** The line goes on whatever happens to one of those who stand in it. */
  #enqueue(importId: string, job: ImportJob["job"]): void {
    this.#line = this.#line
      .then(() => this.#run(importId, job))
      .catch((error: unknown) => this.#fail(importId, String(error)));
  }

  async #run(importId: string, job: ImportJob["job"]): Promise<void> {
    const known = this.#imports.get(importId);
    if (known === undefined) return;
    const { file, args } = known;
    const checkpoints: string[] = [];
    const progress = (message: string | undefined) =>
      this.#tell(importId, {
        state: "in_progress",
        checkpoint_messages: checkpoints,
        ...(message === undefined ? {} : { progress_message: message }),
      });
    if (job === "perform") await progress(undefined);
    const result = await runImportJob(
      this.#supervisor,
      { job, importId, file, dataDir: this.#dataDir, args },
      (message, isCheckpoint) => {
        if (isCheckpoint) checkpoints.push(message);
        void progress(isCheckpoint ? undefined : message);
      },
    );
    switch (result.type) {
      case "looked":
        return this.#tell(importId, {
          state: "waiting_for_confirmation",
          message_to_confirm: result.message,
          require_manual_confirmation: result.deletes,
        });
      case "performed":
        return this.#end(importId, {
          state: "completed",
          num_rows_written: int64(result.documents),
        });
      case "failed":
        return this.#fail(importId, result.message);
      default:
        result satisfies never;
    }
  }

  async #fail(importId: string, message: string): Promise<void> {
    // Without effect where nothing was begun, or all is over.
    await insist(this.#supervisor, { op: "import", step: { kind: "abort", importId } });
    return this.#end(importId, {
      state: "failed",
      error_message: `Hit an error while importing:\n${message}`,
    });
  }

  async #end(importId: string, state: Record<string, unknown>): Promise<void> {
    await this.#tell(importId, state);
    const known = this.#imports.get(importId);
    this.#imports.delete(importId);
    if (known !== undefined) removeLeftovers(dirname(known.file), this.#log);
  }

  #tell(importId: string, state: Record<string, unknown>): Promise<void> {
    const _creationTime = this.#imports.get(importId)?.startedMs ?? Date.now();
    return tellState(this.#supervisor, `import/${importId}`, {
      _id: importId,
      _creationTime,
      state,
    });
  }

  async #forgetOldStates(): Promise<void> {
    const newestFirst = (await this.#stored()).sort((a, b) => b._creationTime - a._creationTime);
    for (const { _id } of newestFirst.slice(REMEMBERED))
      await tellState(this.#supervisor, `import/${_id}`, null);
  }

  async #stored(): Promise<StoredImport[]> {
    const outcome = await this.#supervisor.run({
      type: "query",
      path: "_system/cli/queryImport:list",
      args: "{}",
      caller: { kind: "admin", identity: null },
    });
    return outcome.ok ? (JSON.parse(outcome.value) as StoredImport[]) : [];
  }

  #uploadFolder(token: string): string {
    const folder = join(this.#folder, token);
    if (TOKEN.test(token) && existsSync(folder)) return folder;
    throw badRequest("There is no such upload (any more).");
  }
}

function importArgs(given: unknown): ImportArgs {
  const { format, mode, tableName, componentPath } = (given ?? {}) as Record<string, unknown>;
  const knownFormat = FORMATS.find((one) => one === format);
  const knownMode = MODES.find((one) => one === mode);
  if (knownFormat === undefined || knownMode === undefined)
    throw badRequest(
      `The format must be one of ${FORMATS.join(", ")}, the mode of ${MODES.join(", ")}.`,
    );
  return {
    format: knownFormat,
    mode: knownMode,
    tableName: typeof tableName === "string" ? tableName : null,
    componentPath: typeof componentPath === "string" ? componentPath : "",
  };
}

function badRequest(text: string): EngineError {
  return new EngineError("BadImport", text, 400);
}
