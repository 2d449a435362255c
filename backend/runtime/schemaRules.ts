/** What Convex demands of the names and indexes of a schema, so that no schema passes here that is refused there. */
import type { IndexJson, SchemaJson, TableJson } from "../store/deployment.ts";
import { LIMITS } from "../values/limits.ts";

export type SchemaProblem = { code: string; message: string };

const RESERVED_INDEXES = ["by_id", "by_creation_time"];
const RESERVED_FIELDS = ["_id", "_creationTime"];

/** The first problem, or null. */
export function schemaProblem({ tables }: SchemaJson): SchemaProblem | null {
  for (const table of tables) {
    const problem = tableProblem(table);
    if (problem !== null) return problem;
  }
  return null;
}

function tableProblem({ tableName, indexes }: TableJson): SchemaProblem | null {
  if (!isIdentifier(tableName)) {
    return {
      code: "InvalidTableName",
      message: `Table name ${JSON.stringify(tableName)} is invalid: ${IDENTIFIER_RULE}.`,
    };
  }
  if (indexes.length > LIMITS.indexesPerTable) {
    return {
      code: "TooManyIndexes",
      message: `Table "${tableName}" has ${indexes.length} indexes; there can be at most ${LIMITS.indexesPerTable}.`,
    };
  }
  const names = new Set<string>();
  for (const index of indexes) {
    const problem = indexProblem(tableName, index);
    if (problem !== null) return problem;
    if (names.has(index.indexDescriptor)) {
      return {
        code: "IndexNotUnique",
        message: `Table "${tableName}" has two or more definitions of index "${index.indexDescriptor}".`,
      };
    }
    names.add(index.indexDescriptor);
  }
  return null;
}

function indexProblem(
  tableName: string,
  { indexDescriptor: name, fields }: IndexJson,
): SchemaProblem | null {
  const index = `Index "${name}" of table "${tableName}"`;
  if (!isIdentifier(name)) {
    return {
      code: "InvalidIndexName",
      message: `${index} has an invalid name: ${IDENTIFIER_RULE}.`,
    };
  }
  if (RESERVED_INDEXES.includes(name)) {
    return {
      code: "ReservedIndexName",
      message: `${index} has a reserved name: every table has this index already.`,
    };
  }
  if (fields.length === 0) {
    return { code: "EmptyIndex", message: `${index} must have at least one field.` };
  }
  if (fields.length > LIMITS.fieldsPerIndex) {
    return {
      code: "TooManyFieldsInIndex",
      message: `${index} has ${fields.length} fields; there can be at most ${LIMITS.fieldsPerIndex}.`,
    };
  }
  const twice = fields.find((field, at) => fields.indexOf(field) !== at);
  if (twice !== undefined) {
    return {
      code: "FieldsNotUniqueWithinIndex",
      message: `${index} has field "${twice}" twice. Index fields must be unique within an index.`,
    };
  }
  const reserved = fields.find((field) => RESERVED_FIELDS.includes(field));
  if (reserved === undefined) return null;
  return {
    code: "ReservedIndexField",
    message: `${index} names "${reserved}": "_creationTime" and "_id" are at the end of every index already. Remove it.`,
  };
}

const IDENTIFIER_RULE = `letters, digits and underscores, starting with a letter, up to ${LIMITS.identifierChars} characters`;

function isIdentifier(name: string): boolean {
  return /^[a-zA-Z][a-zA-Z0-9_]*$/.test(name) && name.length <= LIMITS.identifierChars;
}
