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

/** A duration as people say it, in its two largest units: `2m15s`, `3d4h`, `800ms`. */
export function formatDurationMs(durationMs: number): string {
  if (durationMs < SECOND) return `${Math.max(0, Math.round(durationMs))}ms`;
  const parts: string[] = [];
  let restMs = durationMs;
  for (const unit of ["d", "h", "m", "s"]) {
    const lengthMs = unitMs[unit] ?? SECOND;
    const amount = Math.floor(restMs / lengthMs);
    restMs -= amount * lengthMs;
    if (amount > 0) parts.push(`${amount}${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join("");
}
