/**
 * Numbers that another program on this machine keeps in a JSON file for us, such as
 * `{"assistantCount": 4, "players": 17}` (S3.4).
 */
import { readFile } from "node:fs/promises";
import { isGaugeName, MAX_GAUGES } from "../../core/gauges.ts";
import type { Reader } from "./collector.ts";

/**
 * `assistantCount` and `containerCount` go where they belong, every other number is a free gauge.
 * @throws when the file cannot be read or is no JSON object.
 */
export async function readGauges(path: string): ReturnType<Reader> {
  const content: unknown = JSON.parse(await readFile(path, "utf8"));
  if (typeof content !== "object" || content === null)
    throw new Error(`${path} holds no JSON object`);
  const { assistantCount, containerCount, ...others } = content as Record<string, unknown>;
  const gauges = freeGauges(others);
  return {
    ...(isCount(assistantCount) ? { assistantCount } : {}),
    ...(Object.keys(gauges).length > 0 ? { gauges } : {}),
    metrics: isCount(containerCount) ? { containerCount } : {},
  };
}

/** What the server would refuse is left out: one bad entry must not cost the heartbeat its content. */
function freeGauges(content: Record<string, unknown>): Record<string, number> {
  const usable = Object.entries(content).filter(
    (entry): entry is [string, number] => isGaugeName(entry[0]) && Number.isFinite(entry[1]),
  );
  return Object.fromEntries(usable.slice(0, MAX_GAUGES));
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
