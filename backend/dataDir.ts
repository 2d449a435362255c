/** The data folder: made when missing, checked for writing, and home of the admin key. */
import { randomBytes } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";

export const INSTANCE_NAME = "embedded";

/** The absolute path. Throws with one line when the folder cannot be used. */
export function prepareDataDir(path: string): string {
  const absolute = resolve(path);
  try {
    makeFolder(absolute);
    accessSync(absolute, constants.W_OK);
    return absolute;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(
      `The data folder ${absolute} cannot be written (${code}): choose another one or change its permissions.`,
      { cause: error },
    );
  }
}

/**
 * One folder after the other: Node's own recursive mkdir never returns where the system answers "no such folder" to
 * creating one, as under /proc. Only the owner may look inside: there are keys and sessions in it.
 */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** `<instance>|<secret>`, in the file `adminKey`. */
export const readAdminKey = (dataDir: string): string =>
  readKey(join(dataDir, "adminKey"), `${INSTANCE_NAME}|`);

/** Opens `/metrics` and nothing else; in the file `metricsKey`. */
export const readMetricsKey = (dataDir: string): string => readKey(join(dataDir, "metricsKey"), "");

const MIN_KEY_CHARACTERS = 32;

/** Makes the key at the first start, in a file that only its owner can read. Throws one line where it is no key. */
function readKey(file: string, prefix: string): string {
  const found = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (found.length >= MIN_KEY_CHARACTERS) return found;
  // An empty one would open everything to whoever sends nothing. A power failure can leave it so: then it is lost.
  if (found !== "")
    throw new Error(
      `The key in ${file} is shorter than ${MIN_KEY_CHARACTERS} characters: remove the file, and a new key is made.`,
    );
  const key = `${prefix}${randomBytes(32).toString("hex")}`;
  // On a full disk a file can be made, but nothing written.
  writeFileSync(`${file}.new`, `${key}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return key;
}
