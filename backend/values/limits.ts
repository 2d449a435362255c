/** Convex's documented limits. What passes here must pass there. Sizes in bytes. */
export const LIMITS = {
  documentBytes: 1 << 20,
  documentNesting: 16,
  valueNesting: 64,
  fields: 1024,
  arrayItems: 8192,
  fieldNameChars: 64,
  nestedFieldNameChars: 1024,
  argsBytes: 16 << 20,
  returnBytes: 16 << 20,
  readBytes: 16 << 20,
  readDocuments: 32_000,
  readRanges: 4_096,
  writeBytes: 16 << 20,
  writeDocuments: 16_000,
  scheduledFunctions: 1_000,
  /** Of the arguments of all that one mutation schedules. Those of one function have no limit of their own. */
  scheduledBytes: 16 << 20,
  /** Ours: Convex has none, but stops an upload after two minutes. */
  fileBytes: 1 << 30,
  /** Ours: files that a mutation itself reads or writes pass through memory, in the one line of transactions. */
  transactionFiles: 256,
  transactionFileBytes: 16 << 20,
  queryOperators: 256,
  logLines: 256,
  logLineBytes: 4 << 10,
  environmentVariables: 1_000,
  environmentValueBytes: 8 << 10,
  environmentNameChars: 40,
  indexesPerTable: 32,
  fieldsPerIndex: 16,
  identifierChars: 64,
} as const;

/** How many bytes of UTF-8 a text has, if these are more than `limit`; else null. A character has three at most. */
export function bytesOver(text: string, limit: number): number | null {
  if (text.length * 3 <= limit) return null;
  const bytes = Buffer.byteLength(text);
  return bytes > limit ? bytes : null;
}
