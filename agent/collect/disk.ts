/** How full one file system is, as df counts: what is reserved for root is neither used nor free. */
import { statfs } from "node:fs/promises";
import type { Reader } from "./collector.ts";
import { percentOf } from "./percent.ts";

/** @throws when the path does not exist. */
export async function readDisk(path: string): ReturnType<Reader> {
  const { blocks, bfree, bavail } = await statfs(path);
  const usedBlocks = blocks - bfree;
  const diskUsage = percentOf(usedBlocks, usedBlocks + bavail);
  return { metrics: diskUsage === undefined ? {} : { diskUsage } };
}
