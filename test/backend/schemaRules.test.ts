/** Which schemas are refused for their names and indexes alone. */
import { describe, expect, it } from "vitest";
import { schemaProblem } from "../../backend/runtime/schemaRules.ts";

const index = (indexDescriptor: string, fields: string[]) => ({ indexDescriptor, fields });
const schemaWith = (tableName: string, indexes: ReturnType<typeof index>[]) => ({
  schemaValidation: true,
  tables: [{ tableName, indexes, documentType: { type: "any" as const } }],
});
const codeOf = (tableName: string, ...indexes: ReturnType<typeof index>[]) =>
  schemaProblem(schemaWith(tableName, indexes))?.code ?? null;
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `f${n}`);

describe("schema rules", () => {
  it("accept what Convex accepts", () => {
    expect(codeOf("notes")).toBeNull();
    expect(codeOf("notes", index("by_rank_and_title", ["rank", "title.text"]))).toBeNull();
    expect(codeOf("notes", index("widest", numbered(16)))).toBeNull();
    const most = numbered(32).map((name) => index(name, [name]));
    expect(codeOf("notes", ...most)).toBeNull();
  });

  it.each([
    ["InvalidTableName", codeOf("_notes")],
    ["InvalidTableName", codeOf("my-notes")],
    ["InvalidTableName", codeOf("n".repeat(65))],
    ["InvalidIndexName", codeOf("notes", index("by-title", ["title"]))],
    ["ReservedIndexName", codeOf("notes", index("by_id", ["title"]))],
    ["ReservedIndexName", codeOf("notes", index("by_creation_time", ["title"]))],
    ["EmptyIndex", codeOf("notes", index("empty", []))],
    ["FieldsNotUniqueWithinIndex", codeOf("notes", index("twice", ["a", "b", "a"]))],
    ["ReservedIndexField", codeOf("notes", index("by_time", ["a", "_creationTime"]))],
    ["TooManyFieldsInIndex", codeOf("notes", index("wide", numbered(17)))],
    ["IndexNotUnique", codeOf("notes", index("same", ["a"]), index("same", ["b"]))],
    ["TooManyIndexes", codeOf("notes", ...numbered(33).map((name) => index(name, [name])))],
  ])("refuse: %s", (code, found) => {
    expect(found).toBe(code);
  });
});
