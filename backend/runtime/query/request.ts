/** A database query as convex/server serializes it, and its translation to a key range of one index. */
import { BY_CREATION_TIME, type IndexInfo, type TableInfo } from "../../store/catalog.ts";
import type { Direction, KeyRange, ScanSource } from "../../store/scan.ts";
import { decodeId } from "../../values/documentId.ts";
import type { Encoded } from "../../values/encoded.ts";
import { LIMITS } from "../../values/limits.ts";
import { AFTER, sortKey } from "../../values/sortKey.ts";
import type { Expression } from "./filter.ts";

export type RangeExpression = {
  type: "Eq" | "Gt" | "Gte" | "Lt" | "Lte";
  fieldPath: string;
  value: Encoded;
};
export type Operator = { filter: Expression } | { limit: number };
export type QuerySource =
  | { type: "FullTableScan"; tableName: string; order: Direction | null }
  | { type: "IndexRange"; indexName: string; range: RangeExpression[]; order: Direction | null }
  | { type: "Search"; indexName: string };
export type QueryRequest = { source: QuerySource; operators: Operator[] };

/** A query bound to its table. `source` is null while the table does not exist: it reads nothing. */
export type BoundQuery = {
  tableName: string;
  source: ScanSource | null;
  range: KeyRange;
  direction: Direction;
  operators: Operator[];
};

export function tableNameOf(source: QuerySource): string {
  if (source.type === "FullTableScan") return source.tableName;
  return source.indexName.slice(0, source.indexName.indexOf("."));
}

export function bindQuery(request: QueryRequest, table: TableInfo | null): BoundQuery {
  const { source, operators } = request;
  if (source.type === "Search") {
    throw new Error(
      `Search indexes (${source.indexName}) are not supported by the embedded backend.`,
    );
  }
  if (operators.length > LIMITS.queryOperators) {
    throw new Error(
      `Query has too many operators: ${operators.length} (limit: ${LIMITS.queryOperators})`,
    );
  }
  const bound = {
    tableName: tableNameOf(source),
    direction: source.order ?? "asc",
    operators,
  } as const;
  const everything = { low: "", high: AFTER.repeat(17) };
  if (table === null) return { ...bound, source: null, range: everything };
  if (source.type === "FullTableScan") {
    return { ...bound, source: { table, indexId: creationIndex(table).id }, range: everything };
  }
  const name = source.indexName.slice(source.indexName.indexOf(".") + 1);
  if (name === "by_id") {
    return {
      ...bound,
      source: { table, indexId: null },
      range: rangeOf(source.range, ["_id"], table),
    };
  }
  const index = name === BY_CREATION_TIME ? creationIndex(table) : table.indexes.get(name);
  if (index === undefined) throw new Error(`Index ${bound.tableName}.${name} not found.`);
  const fields = [...index.fields, "_creationTime", "_id"];
  return {
    ...bound,
    source: { table, indexId: index.id },
    range: rangeOf(source.range, fields, table),
  };
}

function creationIndex(table: TableInfo): IndexInfo {
  const index = table.indexes.get(BY_CREATION_TIME);
  if (index === undefined) throw new Error(`Table ${table.name} has lost its creation time index.`);
  return index;
}

/** Equalities on a prefix of the fields, then bounds on the next one: anything else is refused as Convex refuses it. */
function rangeOf(range: RangeExpression[], fields: string[], table: TableInfo): KeyRange {
  let prefix = "";
  let at = 0;
  let low: string | null = null;
  let high: string | null = null;
  for (const expression of range) {
    const field = fields[at];
    if (field !== expression.fieldPath) {
      throw new Error(
        `Tried to query index with expression on "${expression.fieldPath}" but the next field of the index on ${table.name} is "${field ?? "none"}". ` +
          "Index range expressions must use the fields of the index in order.",
      );
    }
    const key = prefix + keyOf(field, expression.value, table);
    switch (expression.type) {
      case "Eq":
        if (low !== null || high !== null)
          throw new Error("An equality must come before the bounds of an index range.");
        prefix = key;
        at++;
        break;
      case "Gt":
        low = low === null ? key + AFTER : twice("lower");
        break;
      case "Gte":
        low = low === null ? key : twice("lower");
        break;
      case "Lt":
        high = high === null ? key : twice("upper");
        break;
      case "Lte":
        high = high === null ? key + AFTER : twice("upper");
        break;
      default:
        throw new Error(
          `Unknown index range expression ${String(expression.type satisfies never)}.`,
        );
    }
  }
  return { low: low ?? prefix, high: high ?? prefix + AFTER.repeat(prefix === "" ? 17 : 1) };
}

function twice(which: string): never {
  throw new Error(`An index range can have only one ${which} bound.`);
}

/** Ids are kept as their 16 bytes at the end of a key, whatever the table. */
function keyOf(field: string, value: Encoded, table: TableInfo): string {
  if (field !== "_id") return sortKey(value);
  const id = typeof value === "string" ? decodeId(value) : null;
  if (id === null || id.tableNumber !== table.number) {
    throw new Error(`${JSON.stringify(value)} is not an ID of table ${table.name}.`);
  }
  return id.internalId;
}
