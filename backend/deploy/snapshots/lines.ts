/** Text files of any size, line by line. */

/** A document is at most 1 MiB; escaped as JSON it can be six times as long, with room for extra whitespace. */
const MAX_LINE_BYTES = 16 << 20;
const NEWLINE = 10;

/** Lines without their ends, in UTF-8. Throws on a line that cannot be a document. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  const take = (last: Uint8Array) => {
    const line = Buffer.concat([...rest, last]).toString("utf8");
    rest = [];
    restBytes = 0;
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield take(chunk.subarray(from, end));
      from = end + 1;
    }
    rest.push(chunk.subarray(from));
    restBytes += chunk.length - from;
    if (restBytes > MAX_LINE_BYTES)
      throw new Error(`A line is longer than ${MAX_LINE_BYTES} bytes.`);
  }
  if (restBytes > 0) yield take(Buffer.alloc(0));
}
