/** The keys that people hand to programs: `rck_…` for the REST API, `rce_…` for machines that enrol themselves. */

/** 32 characters of 6 bits are 192 bits: a plain SHA-256 of it cannot be searched. */
const patterns = {
  api: /^rck_[A-Za-z0-9_-]{32,128}$/,
  enrolment: /^rce_[A-Za-z0-9_-]{32,128}$/,
} as const;

export type KeyKind = keyof typeof patterns;

export const keyPrefixes: Record<KeyKind, string> = { api: "rck_", enrolment: "rce_" };

export function isKey(kind: KeyKind, text: string): boolean {
  return patterns[kind].test(text);
}

/** The key of an `Authorization: Bearer …` header, or null where the header is missing or holds something else. */
export function parseKeyHeader(kind: KeyKind, header: string | null): string | null {
  const key = /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
  return key !== undefined && isKey(kind, key) ? key : null;
}

/** The last characters of a key: enough to tell it from others, too few to use it. */
export function keyHint(key: string): string {
  return key.slice(-4);
}
