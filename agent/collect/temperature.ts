/** The hottest sensor of the machine in °C. Most virtual machines have none. */
import { readFile, readdir } from "node:fs/promises";
import type { Reader } from "./collector.ts";
import { systemInformation } from "./systemInformation.ts";

/** Broken sensors report -273, 0 or 255: outside of this is no temperature of a running machine. */
const PLAUSIBLE_C = { above: 0, below: 150 };

export const readTemperature: Reader = async () => {
  const all = process.platform === "linux" ? await linuxTemperatures() : await otherTemperatures();
  const plausible = all.filter((c) => c > PLAUSIBLE_C.above && c < PLAUSIBLE_C.below);
  if (plausible.length === 0) return {};
  return { metrics: { temperatureC: Math.round(Math.max(...plausible) * 10) / 10 } };
};

async function linuxTemperatures(): Promise<number[]> {
  const root = "/sys/class/thermal";
  const zones = (await readdir(root).catch(() => [])).filter((name) =>
    name.startsWith("thermal_zone"),
  );
  return await Promise.all(zones.map((zone) => readMilliDegrees(`${root}/${zone}/temp`)));
}

/** NaN for a zone that is switched off: reading it fails. */
async function readMilliDegrees(path: string): Promise<number> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.trim() === "" ? Number.NaN : Number(text) / 1_000;
}

async function otherTemperatures(): Promise<number[]> {
  const { main } = await (await systemInformation()).cpuTemperature();
  return typeof main === "number" ? [main] : [];
}
