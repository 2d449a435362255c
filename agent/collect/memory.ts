/** How much memory cannot be had by a new program. */
import os from "node:os";
import type { Reader } from "./collector.ts";
import { percentOf } from "./percent.ts";
import { systemInformation } from "./systemInformation.ts";

export const readMemory: Reader = async () => {
  const { usedBytes, totalBytes } = await memoryBytes();
  const memoryUsage = percentOf(usedBytes, totalBytes);
  return { metrics: memoryUsage === undefined ? {} : { memoryUsage } };
};

async function memoryBytes(): Promise<{ usedBytes: number; totalBytes: number }> {
  // macOS counts its file cache as used; elsewhere Node's free memory is what is available.
  if (process.platform === "darwin") {
    const { active, total } = await (await systemInformation()).mem();
    return { usedBytes: active, totalBytes: total };
  }
  const totalBytes = os.totalmem();
  return { usedBytes: totalBytes - os.freemem(), totalBytes };
}
