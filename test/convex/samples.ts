/** Makes arguments and rows from validators, so that tests can walk every function and table without a list of them. */
import type { GenericId, ValidatorJSON } from "convex/values";
import schema from "../../convex/schema.ts";
import { firstPage, MACHINE_ID, type Backend } from "./setup.ts";

/** In every text of a made row: whoever sees it sees what is not theirs. */
export const MARK = "alices-own";
export const NEW_ID = "b".repeat(21);
const NEW_SECRET = "n".repeat(40);

/** Where the ids of a sample come from. */
export type IdOf = (table: string) => GenericId<string>;

type Leaf = (field: string) => unknown;

interface Source {
  idOf: IdOf;
  text: Leaf;
  number: Leaf;
  /** Which alternative of each union. */
  variant: number;
}

/** What is meant by a text or number argument, by its name. */
const meanings: Record<string, unknown> = {
  machineId: MACHINE_ID,
  machineIds: MACHINE_ID,
  parentMachineId: MACHINE_ID,
  newMachineId: NEW_ID,
  secret: NEW_SECRET,
  email: "someone@example.com",
  url: "https://hooks.example.com/",
  tags: "prod",
  slice: 0,
  of: 1,
  overlapMs: 0,
  paginationOpts: firstPage,
};

/** Texts in rows that are read as more than a text. */
const rowTexts: Record<string, string> = {
  machineId: MACHINE_ID,
  url: `https://${MARK}.example/`,
  // The installation's: everybody's to know.
  publicKey: "the installation's",
};

/** One set of arguments for each alternative of the unions among them, all optional ones given. */
export function argumentsOf(args: ValidatorJSON, idOf: IdOf): Record<string, unknown>[] {
  const variants = Array.from({ length: alternatives(args) }, (_unused, variant) =>
    sample(args, "", {
      idOf,
      variant,
      text: (field) => meanings[field] ?? "mine",
      number: (field) => meanings[field] ?? 60_000,
    }),
  );
  return variants.map((variant) => (variant ?? {}) as Record<string, unknown>);
}

/** A row for each table that has none yet, so that there is one of everything to steal. */
export async function fillTables(t: Backend): Promise<IdOf> {
  const ids = new Map<string, GenericId<string>>();
  await t.run(async (ctx) => {
    const filling = new Set<string>();
    const fill = async (table: keyof typeof schema.tables) => {
      const existing = await ctx.db.query(table).first();
      if (existing !== null) ids.set(table, existing._id);
      if (existing !== null || filling.has(table)) return;
      filling.add(table);
      const { json } = schema.tables[table].validator as unknown as { json: ValidatorJSON };
      for (const other of tablesIn(json)) await fill(other as keyof typeof schema.tables);
      const row = sample(json, table, {
        idOf: (name) => ids.get(name)!,
        variant: 0,
        text: (field) => rowTexts[field] ?? `${MARK}-${field}`,
        number: () => Date.now() + 60_000,
      });
      ids.set(table, await ctx.db.insert(table, row as never));
    };
    for (const table of Object.keys(schema.tables)) await fill(table as keyof typeof schema.tables);
  });
  return (table) => ids.get(table)!;
}

/** Every row of every table. */
export async function allRows(t: Backend): Promise<Map<string, string>> {
  const rows = new Map<string, string>();
  await t.run(async (ctx) => {
    for (const table of Object.keys(schema.tables) as (keyof typeof schema.tables)[]) {
      for (const row of await ctx.db.query(table).take(1_000)) {
        rows.set(row._id, `${table} ${JSON.stringify(row)}`);
      }
    }
  });
  return rows;
}

function sample(json: ValidatorJSON, field: string, source: Source): unknown {
  switch (json.type) {
    case "object":
      if (field in meanings && field === "paginationOpts") return meanings[field];
      return Object.fromEntries(
        Object.entries(json.value)
          .map(([name, { fieldType }]) => [name, sample(fieldType, name, source)] as const)
          .filter(([, value]) => value !== undefined),
      );
    case "array":
      // A row cannot name itself before it is there.
      return [sample(json.value, field, source)].filter((element) => element !== undefined);
    case "union": {
      const usable = json.value.filter(({ type }) => type !== "null");
      return sample(usable[source.variant % usable.length]!, field, source);
    }
    case "literal":
      return json.value;
    case "id":
      return source.idOf(json.tableName);
    case "number":
      return source.number(field);
    case "bigint":
      return 1n;
    case "boolean":
      return true;
    case "commitTs":
    case "bytes":
      return new ArrayBuffer(4);
    case "string":
    case "any":
      return source.text(field);
    case "null":
      return null;
    case "record":
      return {};
    default:
      return json satisfies never;
  }
}

function alternatives(json: ValidatorJSON): number {
  switch (json.type) {
    case "object":
      return Math.max(
        1,
        ...Object.values(json.value).map(({ fieldType }) => alternatives(fieldType)),
      );
    case "array":
      return alternatives(json.value);
    case "union":
      return Math.max(json.value.length, ...json.value.map(alternatives));
    default:
      return 1;
  }
}

function tablesIn(json: ValidatorJSON): string[] {
  switch (json.type) {
    case "object":
      return Object.values(json.value).flatMap(({ fieldType }) => tablesIn(fieldType));
    case "array":
      return tablesIn(json.value);
    case "union":
      return json.value.flatMap(tablesIn);
    case "id":
      return json.tableName.startsWith("_") ? [] : [json.tableName];
    default:
      return [];
  }
}
