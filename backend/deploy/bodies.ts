/** What the CLI sends to the endpoints that change something, checked before anything is done with it. */
import * as z from "zod";
import { EngineError } from "../runtime/engine.ts";

/** Relative and inside of the folder that modules are laid out in. */
const modulePath = z
  .string()
  .min(1)
  .refine((path) => !path.startsWith("/") && !/(^|[/\\])\.\.([/\\]|$)|\0/.test(path), "no path");
const environment = z.enum(["isolate", "node"]);

const module = z.object({
  path: modulePath,
  source: z.string(),
  sourceMap: z
    .string()
    .nullish()
    .transform((map) => map ?? undefined),
  environment,
});
const definitionPath = z.string();
const dependencies = z.array(z.string());

export const startPushBody = z.object({
  appDefinition: z.object({
    definition: module.nullable().default(null),
    dependencies,
    schema: module.nullable().default(null),
    changedModules: z.array(module),
    unchangedModuleHashes: z
      .array(z.object({ path: modulePath, environment, sha256: z.string() }))
      .default([]),
    udfServerVersion: z.string(),
  }),
  componentDefinitions: z.array(
    z.object({
      definitionPath,
      definition: module,
      dependencies,
      schema: module.nullable().default(null),
      functions: z.array(module),
    }),
  ),
});
export type StartPushBody = z.output<typeof startPushBody>;

const schemaChange = z.object({ pushId: z.string().default("") });
export const waitForSchemaBody = z.object({ schemaChange });
export const finishPushBody = z.object({
  startPush: z.object({ schemaChange }),
  dryRun: z.boolean().nullish(),
});

export const environmentBody = z.object({
  changes: z.array(z.object({ name: z.string(), value: z.string().nullish() })),
});

export const finishUploadBody = z.object({
  import: z.record(z.string(), z.unknown()),
  uploadToken: z.string(),
  partTokens: z.array(z.union([z.string(), z.number()])),
});

export type FinishUploadBody = z.output<typeof finishUploadBody>;

/** Throws an error that names the first field that is wrong. */
export function parseBody<T>(shape: z.ZodType<T>, body: unknown): T {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new EngineError("BadJsonBody", `${where}: ${issue?.message ?? "wrong shape"}`, 400);
}
