/** How much of the swap space is in use. Most machines of a cloud have none. */
import { readFile } from "node:fs/promises";
import type { Reader } from "./collector.ts";
import { percentOf } from "./percent.ts";
import { systemInformation } from "./systemInformation.ts";

export const readSwap: Reader = async () => {
  const { usedBytes, totalBytes } = await swapBytes();
  const swapUsage = percentOf(usedBytes, totalBytes);
  return { metrics: swapUsage === undefined ? {} : { swapUsage } };
};

/** From the text of /proc/meminfo, which counts in KiB. */
export function parseSwap(text: string): { usedBytes: number; totalBytes: number } {
  const bytesOf = (name: string) =>
    Number(new RegExp(`^${name}: *(\\d+) kB$`, "m").exec(text)?.[1] ?? 0) * 1_024;
  const totalBytes = bytesOf("SwapTotal");
  return { usedBytes: totalBytes - bytesOf("SwapFree"), totalBytes };
}

async function swapBytes(): Promise<{ usedBytes: number; totalBytes: number }> {
  switch (process.platform) {
    case "linux":
      return parseSwap(await readFile("/proc/meminfo", "utf8"));
    case "darwin": {
      const { swapused, swaptotal } = await (await systemInformation()).mem();
      return { usedBytes: swapused, totalBytes: swaptotal };
    }
    default:
      return { usedBytes: 0, totalBytes: 0 };
  }
}
