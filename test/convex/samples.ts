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

/**
 * One set of arguments for each alternative of the unions among them, all optional ones given, about things of
 * Alice's; `own` holds what names somebody else's.
 */
export function argumentsOf(
  args: ValidatorJSON,
  idOf: IdOf,
  own: Record<string, unknown> = {},
): Record<string, unknown>[] {
  const variants = Array.from({ length: alternatives(args) }, (_unused, variant) =>
    sample(args, "", {
      idOf,
      variant,
      text: (field) => own[field] ?? meanings[field] ?? "mine",
      number: (field) => meanings[field] ?? 60_000,
    }),
  );
  return variants.map((variant) => (variant ?? {}) as Record<string, unknown>);
}

/** Whether the arguments hold a list of things by their ids. */
export function hasIdList(json: ValidatorJSON, field = "", isInList = false): boolean {
  switch (json.type) {
    case "object":
      return Object.entries(json.value).some(([name, { fieldType }]) =>
        hasIdList(fieldType, name, isInList),
      );
    case "array":
      return hasIdList(json.value, field, true);
    case "union":
      return json.value.some((each) => hasIdList(each, field, isInList));
    case "id":
      return isInList;
    case "string":
      return isInList && /^machineIds?$/.test(field);
    default:
      return false;
  }
}

/** `mine` with the elements of `theirs` added to each list in it: behind its own, or ahead of them. */
export function withListsOf(mine: unknown, theirs: unknown, where: "behind" | "ahead"): unknown {
  if (Array.isArray(mine) && Array.isArray(theirs)) {
    const both = where === "behind" ? [mine, theirs] : [theirs, mine];
    return both.flat();
  }
  if (typeof mine !== "object" || mine === null) return mine;
  const fields = Object.entries(mine).map(([name, value]) => [
    name,
    withListsOf(value, (theirs as Record<string, unknown>)[name], where),
  ]);
  return Object.fromEntries(fields) as unknown;
}

/** A row for each table that has none yet, so that there is one of everything to steal. */
export async function fillTables(t: Backend): Promise<IdOf> {
  return await fill(t, { mark: MARK, machineId: MACHINE_ID, ids: null, canShare: false });
}

/** The same for somebody else: rows of their own, where a row names whose it is; the installation's are everybody's. */
export async function fillTablesFor(
  t: Backend,
  { ids, machineId, mark }: { ids: GenericId<string>[]; machineId: string; mark: string },
): Promise<IdOf> {
  return await fill(t, { mark, machineId, ids, canShare: true });
}

async function fill(
  t: Backend,
  options: {
    mark: string;
    machineId: string;
    /** A row that names one of these is theirs; null: whatever there is. */
    ids: GenericId<string>[] | null;
    /** Whether a row that names nobody will do. */
    canShare: boolean;
  },
): Promise<IdOf> {
  const ids = new Map<string, GenericId<string>>();
  const own = options.ids === null ? null : [...options.ids];
  const texts: Record<string, string> = { ...rowTexts, machineId: options.machineId };
  await t.run(async (ctx) => {
    const filling = new Set<string>();
    const fillTable = async (table: keyof typeof schema.tables) => {
      if (filling.has(table)) return;
      filling.add(table);
      const { json } = schema.tables[table].validator as unknown as { json: ValidatorJSON };
      const others = tablesIn(json);
      const rows = await ctx.db.query(table).take(100);
      const existing = () =>
        own === null || (options.canShare && others.length === 0 && table !== "users")
          ? rows[0]
          : rows.find((row) => own.some((id) => JSON.stringify(row).includes(id)));
      const isFound = () => {
        const row = existing();
        if (row === undefined) return false;
        ids.set(table, row._id);
        if (others.length > 0) own?.push(row._id);
        return true;
      };
      if (isFound()) return;
      for (const other of others) await fillTable(other as keyof typeof schema.tables);
      // What it hangs on may only now be known as theirs.
      if (isFound()) return;
      const row = sample(json, table, {
        idOf: (name) => ids.get(name)!,
        variant: 0,
        text: (field) => texts[field] ?? `${options.mark}-${field}`,
        number: () => Date.now() + 60_000,
      });
      ids.set(table, await ctx.db.insert(table, row as never));
    };
    for (const table of Object.keys(schema.tables))
      await fillTable(table as keyof typeof schema.tables);
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
