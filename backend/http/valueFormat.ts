/** In which form a function's value goes out: Convex-encoded, which loses nothing, or plain JSON, which is easy to read. */
import {
  decodeInt64,
  decodeSpecialFloat,
  type Encoded,
  isEncodedObject,
  specialKind,
} from "../values/encoded.ts";
import { badRequest } from "./httpError.ts";

export type ValueFormat = "encoded" | "plain";

const FORMATS: Record<string, ValueFormat> = {
  convex_encoded_json: "encoded",
  convex_json: "encoded",
  json: "plain",
  convex_clean_json: "plain",
  export_json: "plain",
};

/** The newest clients that expect encoded values without asking for them. */
const LAST_ENCODED_CLIENTS: Record<string, [number, number, number]> = {
  npm: [1, 4, 1],
  "npm-cli": [1, 4, 1],
  actions: [1, 4, 1],
  python: [0, 5, 0],
  "python-convex": [0, 5, 0],
};

/** `clientHeader` is `Convex-Client`. Throws HttpError for an unknown format. */
export function chooseFormat(
  format: string | undefined,
  clientHeader: string | undefined,
): ValueFormat {
  if (format === undefined) return isOldClient(clientHeader ?? "") ? "encoded" : "plain";
  const chosen = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (chosen === undefined) {
    const known = Object.keys(FORMATS).join(", ");
    throw badRequest("BadFormat", `format must be one of ${known}. Got ${format}.`);
  }
  return chosen;
}

/** The JSON text of a value in the chosen form. Encoded text is handed on unread. */
export function formatValue(encoded: string, format: ValueFormat): string {
  return format === "encoded"
    ? encoded
    : JSON.stringify(JSON.parse(encoded, (_key, value: Encoded) => plain(value)));
}

function plain(value: Encoded): Encoded {
  if (!isEncodedObject(value)) return value;
  const [text] = Object.values(value);
  if (typeof text !== "string") return value;
  switch (specialKind(value)) {
    case "integer":
      return decodeInt64(text).toString();
    case "bytes":
      return text;
    case "float": {
      const number = decodeSpecialFloat(text);
      return Number.isFinite(number) ? number : String(number);
    }
    case "commitTs":
    case "undefined":
    case null:
      return value;
    default:
      return value;
  }
}

function isOldClient(header: string): boolean {
  const dash = header.lastIndexOf("-");
  const name = header.slice(0, dash);
  const last = Object.hasOwn(LAST_ENCODED_CLIENTS, name) ? LAST_ENCODED_CLIENTS[name] : undefined;
  if (!last) return false;
  const version = header
    .slice(dash + 1)
    .split(".")
    .map(Number);
  for (const [index, limit] of last.entries()) {
    const part = version[index] ?? 0;
    if (part !== limit) return part < limit;
  }
  return true;
}
