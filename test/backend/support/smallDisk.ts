/** A file system of a few megabytes in memory, to be filled and freed. Needs root on Linux; elsewhere there is none. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, appendFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type SmallDisk = {
  folder: string;
  /** Leaves less free than a commit needs. */
  fill(): void;
  /** Undoes `fill`. */
  free(): void;
  makeReadOnly(): void;
  dispose(): void;
};

/** Null where mounting is not allowed. */
export function mountSmallDisk(sizeMb: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), "small-disk-"));
  const mount = (...args: string[]) => execFileSync("mount", args, { stdio: "ignore" });
  try {
    mount("-t", "tmpfs", "-o", `size=${sizeMb}m`, "tmpfs", folder);
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  const filler = join(folder, "filler");
  return {
    folder,
    fill() {
      // Others write meanwhile: it is full when nothing fits any more, not when what was free is written.
      for (const size of [1 << 20, 1 << 16, 1 << 12, 1]) {
        while (appended(filler, size)) continue;
      }
    },
    free: () => rmSync(filler),
    makeReadOnly: () => void mount("-o", "remount,ro", folder),
    dispose() {
      execFileSync("umount", [folder], { stdio: "ignore" });
      rmSync(folder, { recursive: true });
    },
  };
}

/** Whether `mountSmallDisk` works here, for tests that are skipped where it does not. */
export const canMount = (() => {
  const disk = mountSmallDisk(1);
  disk?.dispose();
  return disk !== null;
})();

/** False when the disk has no room for it. */
function appended(file: string, size: number): boolean {
  try {
    appendFileSync(file, Buffer.alloc(size));
    return true;
  } catch {
    return false;
  }
}
