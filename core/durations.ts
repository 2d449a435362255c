/** Reads durations as people write them in the environment: `500ms`, `30s`, `2m`, `1h`, `7d`, or plain seconds. */
import { DAY, HOUR, MINUTE, SECOND } from "./time.ts";

const unitMs: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY, "": SECOND };

/** Milliseconds, or null where the text is no positive duration. A bare number counts seconds. */
export function parseDurationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)$/.exec(text.trim().toLowerCase());
  if (match === null) return null;
  const [, amount = "", unit = ""] = match;
  const durationMs = Math.round(Number(amount) * (unitMs[unit] ?? Number.NaN));
  return Number.isFinite(durationMs) && durationMs > 0 ? durationMs : null;
}

/** The text's duration, or the fallback where the text is missing or unreadable. */
export function durationMsOr(text: string | undefined, fallbackMs: number): number {
  return (text === undefined ? null : parseDurationMs(text)) ?? fallbackMs;
}
