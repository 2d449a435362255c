/**
 * Puts a backup in the place of what a data folder holds. Everything is unpacked and checked beside the old data first, so
 * that a backup that turns out to be damaged costs nothing.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Database } from "../../store/database.ts";
import { ZipReader } from "../zip/reader.ts";
import { BACKUP_FORMAT, DATABASE, FILES, MANIFEST, type BackupManifest } from "./format.ts";

const NEW = "restoring";
const REPLACED = "replaced";
/** What stands for data. The rest (key, lock, notes of the start script) stays. */
const OLD = [DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`, "files", "modules"];
const MADE_OF_OLD = ["exports", "imports", "backups"];
const FILE_NAME = /^[0-9a-f-]{36}$/;

export type RestoreOptions = {
  dataDir: string;
  /** Path of the backup. */
  from: string;
  /** Replace data that is there. */
  force: boolean;
  nowMs: number;
};

/** The folder must be locked. Throws with one line; the old data is untouched then. */
export async function restoreBackup(options: RestoreOptions): Promise<BackupManifest> {
  const { dataDir, from, force, nowMs } = options;
  if (!existsSync(from)) throw new Error(`There is no file ${from}.`);
  if (existsSync(join(dataDir, DATABASE)) && !force) {
    throw new Error(
      `The data folder ${dataDir} holds data already: add --force to replace it by the backup.`,
    );
  }
  const folder = join(dataDir, NEW);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, FILES), { recursive: true, mode: 0o700 });
  try {
    const manifest = await unpack(from, folder);
    moveClockOn(join(folder, DATABASE), join(dataDir, DATABASE), nowMs);
    replace(dataDir, folder);
    return manifest;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unpack(from: string, folder: string): Promise<BackupManifest> {
  const zip = await ZipReader.open(from);
  const names = new Map(zip.entries.map((entry) => [entry.name, entry]));
  const [manifestEntry, databaseEntry] = [names.get(MANIFEST), names.get(DATABASE)];
  if (manifestEntry === undefined || databaseEntry === undefined) {
    throw new Error(
      `${from} is no backup. An export is brought back with \`npx convex import\` instead.`,
    );
  }
  const manifest = JSON.parse(await textOf(zip.read(manifestEntry))) as BackupManifest;
  if (manifest.kind !== "embedded-convex-backup" || manifest.format > BACKUP_FORMAT)
    throw new Error(`${from} was made by a newer version: update first.`);
  await write(join(folder, DATABASE), zip.read(databaseEntry));
  let files = 0;
  for (const entry of zip.entries) {
    if (!entry.name.startsWith(FILES)) continue;
    const name = entry.name.slice(FILES.length);
    // The name becomes a path.
    if (!FILE_NAME.test(name)) throw new Error(`${from} holds a file with a wrong name.`);
    await write(join(folder, FILES, name), zip.read(entry));
    files++;
  }
  if (files !== manifest.files) throw new Error(`${from} is damaged: files are missing.`);
  return manifest;
}

/** No client may see a timestamp that it has seen before with other data: the clock begins above all that is known. */
function moveClockOn(restored: string, old: string, nowMs: number): void {
  const database = new Database(restored);
  try {
    const check = database.statement("PRAGMA quick_check(1)").get()?.[0];
    if (check !== "ok") throw new Error(`The database in the backup is damaged: ${String(check)}`);
    const known = [lastTs(database), lastTsOf(old), BigInt(nowMs) * 1_000_000n];
    const newest = known.reduce((a, b) => (a > b ? a : b));
    database.setSetting("lastTs", String(newest));
  } finally {
    database.close();
  }
}

function lastTsOf(path: string): bigint {
  if (!existsSync(path)) return 0n;
  try {
    const database = new Database(path);
    const ts = lastTs(database);
    database.close();
    return ts;
  } catch {
    // Damaged, which may be why it is replaced.
    return 0n;
  }
}

function lastTs(database: Database): bigint {
  return BigInt(database.setting("lastTs") ?? "0");
}

/**
 * Throws one line when a restore ended between moving the old data away and bringing in the new: to begin with an empty
 * database would look as if everything was lost.
 */
export function refuseHalfRestored(dataDir: string): void {
  if (existsSync(join(dataDir, DATABASE)) || !existsSync(join(dataDir, REPLACED))) return;
  throw new Error(
    `A restore into ${dataDir} was interrupted: restore the backup again. What was there before is in its folder ${REPLACED}.`,
  );
}

/** Old data is moved away as a whole before the new comes in: after a crash in between, restoring again is enough. */
function replace(dataDir: string, folder: string): void {
  const away = join(dataDir, REPLACED);
  rmSync(away, { recursive: true, force: true });
  mkdirSync(away, { mode: 0o700 });
  const present = new Set(readdirSync(dataDir));
  for (const name of [...OLD, ...MADE_OF_OLD])
    if (present.has(name)) renameSync(join(dataDir, name), join(away, name));
  renameSync(join(folder, "files"), join(dataDir, "files"));
  renameSync(join(folder, DATABASE), join(dataDir, DATABASE));
  rmSync(away, { recursive: true, force: true });
}

async function write(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString("utf8");
}
