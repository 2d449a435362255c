/** The `Range` header of a download: one range of bytes, as Convex supports it. */

/** Both ends inclusive. */
export type ByteRange = { start: number; end: number };

/** Null asks for the whole: there is no such header, or none in bytes, which is to be ignored. */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | "unsatisfiable" | null {
  if (header === undefined || !/^\s*bytes\s*=/i.test(header)) return null;
  const match = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header);
  const [, first = "", last = ""] = match ?? [];
  if (match === null || (first === "" && last === "")) return "unsatisfiable";
  const start = first === "" ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === "" || last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  return start > end || start >= sizeBytes ? "unsatisfiable" : { start, end };
}
