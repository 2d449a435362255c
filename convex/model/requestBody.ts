/** Reads the JSON body of a request within its limits. Knows nothing of what the body means. */
import { MAX_BODY_BYTES, MAX_NESTING } from "../../core/agentApi.ts";

export type Body =
  { kind: "json"; value: unknown } | { kind: "tooLarge" } | { kind: "unreadable"; message: string };

/** An empty body reads as an empty object: a bare heartbeat is no more than its token. */
export async function readBody(request: Request): Promise<Body> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) {
    return { kind: "tooLarge" };
  }
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.length > MAX_BODY_BYTES) return { kind: "tooLarge" };
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === "") return { kind: "json", value: {} };
  if (isTooDeep(text)) {
    return { kind: "unreadable", message: `The body is nested deeper than ${MAX_NESTING} levels.` };
  }
  try {
    return { kind: "json", value: JSON.parse(text) as unknown };
  } catch {
    return { kind: "unreadable", message: "The body is not JSON." };
  }
}

/** Counts brackets outside of strings, before a parser sees them. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (isInString) {
      if (character === "\\") index += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    if (depth > MAX_NESTING) return true;
  }
  return false;
}
