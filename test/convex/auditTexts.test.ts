/** Whatever the server can write into the audit log has words on the page, in each language. */
import { type RegisteredMutation } from "convex/server";
import { describe, expect, test } from "vitest";
import * as Audit from "../../convex/model/audit.ts";
import schema from "../../convex/schema.ts";
import { auditReferences } from "../../src/features/audit/references.ts";
import { audit as de } from "../../src/texts/de/audit.ts";
import { audit as en } from "../../src/texts/en/audit.ts";
import { audit as zh } from "../../src/texts/zh/audit.ts";

const modules = import.meta.glob<Record<string, unknown>>(
  ["../../convex/*.ts", "!../../convex/*.*.ts"],
  { eager: true },
);
const sources = import.meta.glob<string>(["../../convex/**/*.ts", "!../../convex/_generated/**"], {
  eager: true,
  query: "?raw",
  import: "default",
});

/** Change nothing of a workspace that others see: the log never has them. */
const silent = [
  "accounts.rename",
  "channels.test",
  "deliveries.sendAgain",
  "push.subscribe",
  "push.unsubscribe",
  "sessions.describe",
  "sessions.revoke",
  "sessions.revokeOthers",
  "workspaces.select",
];

/** Public mutations, whose builders log them, and what is logged under a name that is written out. */
const actions = [
  ...Object.entries(modules).flatMap(([path, exports]) =>
    Object.entries(exports)
      .filter(([, value]) => isPublicMutation(value))
      .map(([name]) => `${path.split("/").at(-1)?.replace(/\.ts$/, "")}.${name}`),
  ),
  ...Object.values(sources).flatMap((source) => [
    ...matches(source, /\baction(?: =|:) "(\w+\.\w+)"/g),
    ...matches(source, /deedOf\(\w+, \w+, "([^"]+)"\)/g),
  ]),
].filter((action) => !silent.includes(action));

const tables = Object.entries(schema.tables).filter(([table]) => Audit.isAudited(table));
const fields = tables.flatMap(([, table]) =>
  Object.keys((table as { validator: { fields: object } }).validator.fields).filter(
    (field) => Audit.isLogged(field) && !auditReferences.has(field),
  ),
);

describe.each(Object.entries({ en, de, zh }))("in %s, S4.8 the audit log", (_language, texts) => {
  test("has a name for every action, and for none that there is not", () => {
    expect(Object.keys(texts.actionNames).sort()).toEqual([...new Set(actions)].sort());
  });

  test("has sentences of its own for such actions only", () => {
    const known = new Set(actions);
    const named = Object.keys(texts.actions).map((key) => key.replace(/ \w+$/, ""));
    expect(named.filter((action) => !known.has(action))).toEqual([]);
  });

  test("has a word for every thing that can be changed, and for each of its fields", () => {
    const kinds = tables.map(([table]) => table);
    expect(kinds.filter((kind) => texts.kinds[kind] === undefined)).toEqual([]);
    expect(fields.filter((field) => texts.fields[field] === undefined)).toEqual([]);
  });
});

function isPublicMutation(value: unknown): boolean {
  const { isMutation, isPublic } = (value ?? {}) as Partial<
    RegisteredMutation<"public", never, never>
  >;
  return isMutation === true && isPublic === true;
}

function matches(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].map(([, found = ""]) => found);
}
