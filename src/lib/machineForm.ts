/** Reads what people type about a machine. The server checks again; this is for a message beside the field. */
import { parseDurationMs } from "../../core/durations.ts";
import { texts } from "@/texts/texts.ts";
import { formatDurationInput } from "./format.ts";

/** "prod, eu west,,prod" → ["prod", "eu west"]. */
export function parseTags(text: string): string[] {
  return [...new Set(text.split(",").map((tag) => tag.trim()))].filter((tag) => tag !== "");
}

export interface DurationRange {
  min: number;
  max: number;
}

/** The typed duration in milliseconds, or a sentence about what would be right. */
export function readDuration(
  text: string,
  range: DurationRange,
): { durationMs: number } | { problem: string } {
  const durationMs = parseDurationMs(text);
  if (durationMs === null) return { problem: texts().format.durationUnreadable };
  if (durationMs < range.min || durationMs > range.max) {
    const { durationBetween } = texts().format;
    return {
      problem: durationBetween(formatDurationInput(range.min), formatDurationInput(range.max)),
    };
  }
  return { durationMs };
}
