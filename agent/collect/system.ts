/** Load and time since boot. */
import os from "node:os";
import type { Reader } from "./collector.ts";

export const readLoad: Reader = async () => {
  // Windows has no load average: Node reports zeros there, which would read as idle.
  if (process.platform === "win32") return {};
  const [load1 = 0] = os.loadavg();
  return { metrics: { load1: Math.round(load1 * 100) / 100 } };
};

export const readUptime: Reader = async () => ({
  metrics: { uptimeSeconds: Math.round(os.uptime()) },
});
