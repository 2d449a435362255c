/** What a thread writes to its stderr goes to the log of the process, line by line, whatever form that log has. */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export function forwardLines(stream: Readable, log: (line: string) => void): void {
  createInterface({ input: stream }).on("line", log);
}
