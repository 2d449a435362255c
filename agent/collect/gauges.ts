/** Numbers that another program on this machine keeps in a JSON file for us, such as `{"assistantCount": 4}` (S3.4). */
import { readFile } from "node:fs/promises";
import type { Reader } from "./collector.ts";

/** @throws when the file cannot be read or is no JSON object. */
export async function readGauges(path: string): ReturnType<Reader> {
  const gauges: unknown = JSON.parse(await readFile(path, "utf8"));
  if (typeof gauges !== "object" || gauges === null)
    throw new Error(`${path} holds no JSON object`);
  const assistantCount = countIn(gauges, "assistantCount");
  const containerCount = countIn(gauges, "containerCount");
  return {
    ...(assistantCount === undefined ? {} : { assistantCount }),
    metrics: containerCount === undefined ? {} : { containerCount },
  };
}

function countIn(gauges: object, name: string): number | undefined {
  const value: unknown = Reflect.get(gauges, name);
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
}
