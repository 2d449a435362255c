/** What one call and those nested in it have written to the console, as far as Convex keeps it. */
import { bytesOver, LIMITS } from "../values/limits.ts";

export class LogLines {
  readonly lines: string[] = [];

  /** What is added now goes nowhere: it need not be formatted. */
  get isFull(): boolean {
    return this.lines.length >= LIMITS.logLines;
  }

  /** `level` in capitals. The last line that there is room for says that the rest is missing. */
  add(level: string, text: string): void {
    if (this.isFull) return;
    const isLast = this.lines.length === LIMITS.logLines - 1;
    this.lines.push(isLast ? OVERFLOW : `[${level}] ${bounded(text)}`);
  }
}

const OVERFLOW = `[ERROR] Log overflow (maximum ${LIMITS.logLines}). Remaining log lines omitted.`;

function bounded(text: string): string {
  if (bytesOver(text, LIMITS.logLineBytes) === null) return text;
  const bytes = Buffer.from(text).subarray(0, LIMITS.logLineBytes);
  // As a stream, which keeps back a letter that was cut in two.
  return `${new TextDecoder().decode(bytes, { stream: true })} (truncated due to length)`;
}
