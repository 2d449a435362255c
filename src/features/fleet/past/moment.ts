/** The moment that the address asks for, as `?at=`: what people write, and what the page writes. Pure. */

/** `2026-10-02T03:14`, with or without seconds and a zone. Without one it is the reader's own time. */
const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** Milliseconds since 1970, or null where the text names no moment. */
export function readMoment(text: string): number | null {
  // A plus in an address is a blank to whoever reads it.
  const written = text.trim().replace(" ", "+");
  if (!pattern.test(written)) return null;
  const at = Date.parse(written);
  return Number.isNaN(at) ? null : at;
}

/** For the address: in UTC, so that a link shows everybody the same moment. */
export function writeMoment(at: number): string {
  return new Date(at).toISOString().replace(/(:00)?\.000Z$/, "Z");
}

/** The value of a date-time field, in the reader's own time. */
export function fieldValueOf(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
