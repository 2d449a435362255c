/** File storage as the HTTP server sees it, on the main thread: who may upload, what is stored where. */
import { FileContents, type WrittenFile } from "../store/fileContents.ts";
import { EngineError } from "./engine.ts";
import type { StoredFile } from "./storedFiles.ts";
import type { Supervisor } from "./supervisor.ts";
import { UploadTokens } from "./uploadTokens.ts";

export class Files {
  readonly contents: FileContents;
  readonly #supervisor: Supervisor;

  constructor(supervisor: Supervisor, dataDir: string) {
    this.#supervisor = supervisor;
    this.contents = FileContents.of(dataDir);
  }

  /** The component that an upload with this token belongs to. Throws EngineError 401. */
  uploadTarget(token: string): string {
    const { instanceSecret } = this.#supervisor.deployment();
    // Mutations issue them by the time of the database, which may be ahead (store/clock.ts).
    const nowMs = Math.max(Date.now(), Number(this.#supervisor.currentTs() / 1_000_000n));
    const componentPath = new UploadTokens(instanceSecret).redeem(token, nowMs);
    if (componentPath !== null) return componentPath;
    throw new EngineError(
      "InvalidUploadToken",
      "This upload URL is not valid or older than an hour: generate a new one.",
      401,
    );
  }

  /** Puts contents that are on disk on record; resolves with the id when that is durable, too. */
  add(componentPath: string, file: WrittenFile, contentType: string | null): Promise<string> {
    return this.#supervisor.builtin("storage:add", componentPath, { file, contentType });
  }

  /** Null when there is no file of this name in the component, or no such component. */
  async find(componentPath: string, uuid: string): Promise<StoredFile | null> {
    const mounted = this.#supervisor.deployment().manifest?.components ?? [];
    if (!mounted.some(({ path }) => path === componentPath)) return null;
    return this.#supervisor.builtin("storage:find", componentPath, { storageId: uuid });
  }
}
