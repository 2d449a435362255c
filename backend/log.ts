/** The process's log on stderr: plain lines, or one JSON object a line for programs that collect logs. */
import type { LogEntry } from "./runtime/engine.ts";

export type LogFormat = "text" | "json";
type Level = "debug" | "info" | "warn" | "error";

export type Log = {
  /** The server about itself. */
  line: (text: string) => void;
  /** A function that was run: what it printed, and why it failed. */
  entry: (entry: LogEntry) => void;
};

/** In JSON: `time` (ISO 8601), `level`, `message`, and of functions `kind` and `function`. */
export function createLog(
  format: LogFormat,
  write: (text: string) => void,
  now: () => Date = () => new Date(),
): Log {
  const text = (line: string) => write(`${line}\n`);
  const json = (level: Level, message: string, source: Record<string, string> = {}) =>
    write(`${JSON.stringify({ time: now().toISOString(), level, ...source, message })}\n`);
  if (format === "text")
    return {
      line: text,
      entry: ({ identifier, udfType, logLines, error }) => {
        for (const line of logLines) text(`${udfType} ${identifier}: ${line}`);
        if (error !== null) text(`${udfType} ${identifier} failed: ${error}`);
      },
    };
  return {
    line: (line) => json("info", line),
    entry: ({ identifier, udfType, logLines, error }) => {
      const source = { kind: udfType, function: identifier };
      for (const line of logLines) json(levelOf(line), withoutLevel(line), source);
      if (error !== null) json("error", error, source);
    },
  };
}

/** Functions' lines begin with the level that they were printed with: `[WARN] 'text'`. */
const LEVEL = /^\[([A-Z]+)\] /;
const LEVELS: Record<string, Level> = { DEBUG: "debug", WARN: "warn", ERROR: "error" };

const levelOf = (line: string): Level => LEVELS[LEVEL.exec(line)?.[1] ?? ""] ?? "info";
const withoutLevel = (line: string): string => line.replace(LEVEL, "");
