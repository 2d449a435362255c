/** How full file systems are, as df counts: what is reserved for root is neither used nor free. */
import { readFile, stat, statfs } from "node:fs/promises";
import { MAX_DISKS } from "../../core/gauges.ts";
import type { Metrics, Reader } from "./collector.ts";
import { percentOf } from "./percent.ts";

/** On no device of their own, and yet on this machine's disks. Network file systems are asked only where they are named. */
const LOCAL_WITHOUT_DEVICE = new Set(["zfs", "btrfs", "bcachefs"]);
/** Read-only images, always full: snaps and the like. */
const IMAGES = new Set(["squashfs", "iso9660", "erofs"]);

interface Mount {
  source: string;
  path: string;
}

/**
 * `diskUsage` of the first path; `disks` of all of them, or of all local file systems where only one path is given.
 * A machine with a single file system has no `disks`: its usage is already told.
 * @throws when the first path does not exist.
 */
export async function readDisks(paths: string[]): ReturnType<Reader> {
  const [first = "/", ...others] = paths;
  const firstUsage = await usageOf(first);
  const candidates = others.length > 0 ? others : await localMounts();
  const rest = candidates
    .filter((path) => path !== first && isNameable(path))
    .slice(0, MAX_DISKS - 1);
  const read = await Promise.all(
    rest.map(async (mount) => ({ mount, usage: await usageOf(mount).catch(() => undefined) })),
  );
  const disks = [{ mount: first, usage: firstUsage }, ...read].flatMap(({ mount, usage }) =>
    usage === undefined ? [] : [{ mount, usage }],
  );
  const metrics: Metrics = {};
  if (firstUsage !== undefined) metrics.diskUsage = firstUsage;
  if (disks.length > 1) metrics.disks = disks;
  return { metrics };
}

/** Each local device once, where it is mounted nearest to the root, from the text of /proc/self/mounts. */
export function parseMounts(text: string): Mount[] {
  const pathOf = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [source = "", path = "", type = ""] = line.split(" ").map(unescapeMount);
    const isLocal = source.startsWith("/dev/") || LOCAL_WITHOUT_DEVICE.has(type);
    if (!isLocal || IMAGES.has(type) || source.startsWith("/dev/loop")) continue;
    const known = pathOf.get(source);
    if (known === undefined || path.length < known.length) pathOf.set(source, path);
  }
  return [...pathOf].map(([source, path]) => ({ source, path }));
}

async function localMounts(): Promise<string[]> {
  if (process.platform !== "linux") return [];
  const mounts = parseMounts(await readFile("/proc/self/mounts", "utf8").catch(() => ""));
  const paths = await Promise.all(
    // In a container single files are mounted too; their disk is not its own.
    mounts.map(async ({ path }) => ((await isFolder(path)) ? [path] : [])),
  );
  return paths.flat().sort();
}

/** What the server takes: it would refuse the whole heartbeat for one odd path. */
function isNameable(path: string): boolean {
  return path.length <= 255 && !/[\p{Cc}\u2028\u2029]/u.test(path);
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  return stats?.isDirectory() === true;
}

async function usageOf(path: string): Promise<number | undefined> {
  const { blocks, bfree, bavail } = await statfs(path);
  const usedBlocks = blocks - bfree;
  return percentOf(usedBlocks, usedBlocks + bavail);
}

/** The kernel writes spaces, tabs, line ends and backslashes in octal. */
function unescapeMount(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
