/**
 * The architecture, checked without ESLint: who may import whom, how long a file may be, and the rules of convex/.
 * docs/architecture.md says why.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

type Source = { path: string; text: string };

const sources: Source[] = globSync(
  "{core,convex,src,backend,agent,scripts,bench,test}/**/*.{ts,tsx,js}",
  {
    cwd: root,
    exclude: ["**/_generated/**", "**/node_modules/**"],
  },
)
  .map((path) => path.replaceAll("\\", "/"))
  .sort()
  .map((path) => ({ path, text: readFileSync(`${root}/${path}`, "utf8") }));

const inFolder =
  (folder: string) =>
  ({ path }: Source) =>
    path.startsWith(`${folder}/`);

/** Our own files by their path from the root, packages as `npm:name`. */
const resolve = (path: string, specifier: string): string => {
  if (specifier.startsWith("@/")) return `src/${specifier.slice(2)}`;
  return specifier.startsWith(".") ? posix.join(dirname(path), specifier) : `npm:${specifier}`;
};

/** All that a file imports, types and dynamic imports included. */
const importsOf = ({ path, text }: Source): string[] =>
  ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => resolve(path, fileName));

type Import = { from: string; names: string[]; isTypeOnly: boolean };

/** The import and export-from statements of a file. Names that are only types are left out of `names`. */
const statementsOf = ({ text }: Source): Import[] => {
  const file = ts.createSourceFile("a.tsx", text, ts.ScriptTarget.Latest, false, ts.ScriptKind.TSX);
  return file.statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement);
    if (!isImport && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    const from = moduleSpecifier.text;
    const isTypeOnly = isImport
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    const named = isImport ? statement.importClause?.namedBindings : statement.exportClause;
    if (named === undefined || !("elements" in named)) return [{ from, names: ["*"], isTypeOnly }];
    const names = [...named.elements]
      .filter((element) => !isTypeOnly && !element.isTypeOnly)
      .map((element) => (element.propertyName ?? element.name).text);
    return [{ from, names, isTypeOnly: names.length === 0 }];
  });
};

/** The values that a file imports from modules whose names match. */
const valuesImportedFrom = (source: Source, module: RegExp): string[] =>
  statementsOf(source)
    .filter(({ from, isTypeOnly }) => module.test(from) && !isTypeOnly)
    .flatMap(({ names }) => names);

/**
 * The layers, and the layers that each may import besides itself. A file belongs to the layer with the longest name
 * that its path starts with.
 */
const layers: Record<string, string[]> = {
  "core/": [],

  "convex/_generated/": [],
  "convex/validators.ts": ["core/"],
  "convex/tables/": ["convex/validators.ts"],
  "convex/schema.ts": ["convex/validators.ts", "convex/tables/"],
  "convex/notifiers/": callers(),
  "convex/model/": ["core/", "convex/validators.ts", "convex/notifiers/", "convex/_generated/"],
  "convex/functions.ts": ["convex/validators.ts", "convex/model/", "convex/_generated/"],
  "convex/jobs/": callers(),
  "convex/agentApi/": callers(),
  "convex/restApi/": callers(),
  "convex/links/": callers(),
  "convex/http.ts": [
    ...callers(),
    "convex/agentApi/",
    "convex/restApi/",
    "convex/links/",
    "convex/",
  ],
  "convex/": [...callers(), "convex/schema.ts"],

  "src/texts/": ["core/", "src/lib/"],
  "src/lib/": page(),
  "src/config/": page(),
  "src/hooks/": page(),
  "src/components/": page(),
  "src/features/": [...page(), "src/components/"],
  "src/app/": [...page(), "src/components/", "src/features/"],
  "src/": [...page(), "src/components/", "src/features/", "src/app/", "src/styles/"],

  "agent/": ["core/"],

  "backend/values/": [],
  "backend/store/": ["backend/values/"],
  "backend/runtime/": ["backend/values/", "backend/store/"],
  "backend/sync/": ["backend/values/", "backend/store/", "backend/runtime/"],
  "backend/deploy/": ["backend/values/", "backend/store/", "backend/runtime/"],
  "backend/http/": [
    "backend/values/",
    "backend/store/",
    "backend/runtime/",
    "backend/sync/",
    "backend/deploy/",
  ],
  "backend/": [
    "backend/values/",
    "backend/store/",
    "backend/runtime/",
    "backend/sync/",
    "backend/deploy/",
    "backend/http/",
  ],

  // Acts as people do, through the public functions.
  "scripts/lib/demo/": ["core/", "convex/_generated/", "scripts/"],
  "scripts/": ["core/", "scripts/lib/demo/"],
  // Fills a database past the functions, where those would take an hour.
  "bench/lib/fill.ts": ["backend/values/", "backend/store/"],
  "bench/": ["core/", "scripts/", "convex/_generated/", "bench/lib/fill.ts"],
};

/** What stands above convex/model/ in convex/. */
function callers(): string[] {
  return [
    "core/",
    "convex/validators.ts",
    "convex/functions.ts",
    "convex/model/",
    "convex/notifiers/",
    "convex/_generated/",
  ];
}

/** What all of the page may import. */
function page(): string[] {
  return ["core/", "convex/_generated/", "src/lib/", "src/texts/", "src/config/", "src/hooks/"];
}

const layerOf = (path: string): string | undefined =>
  Object.keys(layers)
    .filter((layer) => path.startsWith(layer))
    .sort((a, b) => b.length - a.length)[0];

const featureOf = (path: string) => /^src\/features\/([^/]+)\//.exec(path)?.[1];

/** Each import of ours that the layers do not allow, as `file → import`. */
const forbiddenImports = (source: Source): string[] => {
  const from = layerOf(source.path);
  if (from === undefined) return [];
  return importsOf(source)
    .filter((target) => {
      const to = layerOf(target);
      if (to === undefined) return false;
      if (to !== from) return layers[from]?.includes(to) !== true;
      return featureOf(source.path) !== featureOf(target);
    })
    .map((target) => `${source.path} → ${target}`);
};

const lineCount = (text: string) => text.split("\n").length - (text.endsWith("\n") ? 1 : 0);

describe("imports", () => {
  it("go one way", () => {
    expect(sources.flatMap(forbiddenImports)).toEqual([]);
  });

  it.each([
    ["core/status.ts", "../convex/schema.ts"],
    ["core/status.ts", "../backend/store/clock.ts"],
    ["convex/machines.ts", "../backend/main.ts"],
    ["convex/machines.ts", "../src/lib/format.ts"],
    ["convex/model/machines.ts", "../machines.ts"],
    ["convex/model/machines.ts", "../jobs/sweep.ts"],
    ["src/lib/format.ts", "@/features/fleet/Fleet.tsx"],
    ["src/hooks/useNow.ts", "../app/router.tsx"],
    ["src/features/fleet/Fleet.tsx", "../machine/Machine.tsx"],
    ["src/features/fleet/Fleet.tsx", "../../../convex/model/machines.ts"],
    ["agent/main.ts", "../convex/_generated/api.js"],
    ["backend/store/clock.ts", "../runtime/engine.ts"],
    ["backend/runtime/engine.ts", "../sync/session.ts"],
    ["backend/deploy/push.ts", "../http/server.ts"],
    ["backend/main.ts", "../core/time.ts"],
    ["scripts/start.ts", "../backend/main.ts"],
  ])("would be refused from %s to %s", (path, target) => {
    for (const statement of [`import "${target}";`, `const a = await import("${target}");`]) {
      expect(forbiddenImports({ path, text: statement })).toHaveLength(1);
    }
  });

  it("never lead back to where they started", () => {
    const targets = new Map(
      sources.map((source) => [
        source.path,
        statementsOf(source)
          .filter(({ isTypeOnly }) => !isTypeOnly)
          .map(({ from }) => resolve(source.path, from)),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, trail: string[]) => {
      if (trail.includes(path))
        circles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      if (trail.includes(path) || done.has(path)) return;
      for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
      done.add(path);
    };
    for (const path of targets.keys()) visit(path, []);
    expect(circles).toEqual([]);
  });

  it("of core/ are pure: no platform, no clock, no chance", () => {
    const impure = sources.filter(inFolder("core")).filter((source) => {
      const packages = importsOf(source).filter((name) => !name.startsWith("core/"));
      return (
        packages.some((name) => name !== "npm:zod") ||
        /\b(Date\.now|new Date\(\)|Math\.random|fetch|setTimeout|process)\b/.test(code(source))
      );
    });
    expect(impure.map(({ path }) => path)).toEqual([]);
  });

  it("of components/ui know nothing of Convex", () => {
    const knowing = sources
      .filter(inFolder("src/components/ui"))
      .filter((source) => importsOf(source).some((name) => /^(npm:@?convex|convex\/)/.test(name)));
    expect(knowing.map(({ path }) => path)).toEqual([]);
  });

  it("of backend/ come from its tests only, and from the benchmark that fills its store", () => {
    const strangers = sources
      .filter((source) => !inFolder("backend")(source) && !inFolder("test/backend")(source))
      .filter(({ path }) => path !== "bench/lib/fill.ts")
      .filter((source) => importsOf(source).some((target) => target.startsWith("backend/")));
    expect(strangers.map(({ path }) => path)).toEqual([]);
  });
});

describe("files", () => {
  it("are no longer than 400 lines, tests 600", () => {
    const tooLong = sources
      .map(({ path, text }) => ({ path, lines: lineCount(text) }))
      .filter(({ path, lines }) => lines > (path.startsWith("test/") ? 600 : 400));
    expect(tooLong).toEqual([]);
  });

  it("say first what they are for", () => {
    const silent = sources
      .filter(({ path }) => !/^(test|src)\//.test(path))
      .filter(({ text }) => !/^(#!.*\n)?("use node";\n+)?\/(\*\*|\/)/.test(text));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });
});

/** The text of a file without its comments. */
const code = ({ text }: Source) => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");

describe("convex/", () => {
  const convex = sources.filter(inFolder("convex"));
  const builders = [
    "query",
    "mutation",
    "action",
    "internalQuery",
    "internalMutation",
    "internalAction",
    "httpAction",
    "*",
  ];

  it("has no hyphens in file names: Convex's server refuses them", () => {
    expect(convex.filter(({ path }) => path.includes("-")).map(({ path }) => path)).toEqual([]);
  });

  it("takes its builders from functions.ts", () => {
    const raw = convex
      .filter(({ path }) => path !== "convex/functions.ts")
      .filter(
        (source) =>
          valuesImportedFrom(source, /_generated\/server/).some((name) =>
            builders.includes(name),
          ) || valuesImportedFrom(source, /^convex\/server$/).some((name) => /Generic$/.test(name)),
      );
    expect(raw.map(({ path }) => path)).toEqual([]);
  });

  it("registers nothing in model/", () => {
    const registering = convex
      .filter(inFolder("convex/model"))
      .filter((source) => importsOf(source).includes("convex/functions.ts"));
    expect(registering.map(({ path }) => path)).toEqual([]);
  });

  it("calls internal functions only", () => {
    const calling = convex.filter((source) =>
      valuesImportedFrom(source, /_generated\/api/).some((name) => name === "api" || name === "*"),
    );
    expect(calling.map(({ path }) => path)).toEqual([]);
  });

  it("reads its environment through env, never process.env", () => {
    const reading = convex.filter((source) => /\bprocess\b/.test(code(source)));
    expect(reading.map(({ path }) => path)).toEqual([]);
  });
});
