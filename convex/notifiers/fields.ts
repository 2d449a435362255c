/** The fields of a channel's form: one zod schema each, which checks what is typed and says how to ask for it. */
import * as z from "zod";
import { hasControlCharacters } from "../../core/agentApi.ts";

export type FieldType = "text" | "url" | "secret" | "longText" | "choice" | "switch";

/** For the page: how to draw a field. Secrets are asked for and never shown. */
export interface FieldDescription {
  name: string;
  label: string;
  type: FieldType;
  isRequired: boolean;
  help: string | null;
  placeholder: string | null;
  options: string[];
  default: string | boolean | null;
}

interface Appearance {
  label: string;
  help?: string;
  placeholder?: string;
}

const MAX_TEXT = 300;
const MAX_SECRET = 256;
export const MAX_URL_LENGTH = 2_048;
const MAX_LONG_TEXT = 8_000;

export function text({ maxLength = MAX_TEXT, ...appearance }: Appearance & { maxLength?: number }) {
  return meta(line(maxLength), "text", appearance);
}

export function secret(
  appearance: Appearance,
  check: { isUsable: (value: string) => boolean; otherwise: string } = {
    isUsable: () => true,
    otherwise: "",
  },
) {
  const schema = line(MAX_SECRET).refine(check.isUsable, check.otherwise);
  return meta(schema, "secret", appearance);
}

/** An http(s) address. Whether it may be a private one is checked by the registry: it depends on the installation. */
export function url(appearance: Appearance) {
  return meta(
    z.string().trim().max(MAX_URL_LENGTH, `must be at most ${MAX_URL_LENGTH} characters`),
    "url",
    appearance,
  );
}

export function longText(appearance: Appearance) {
  return meta(z.string().max(MAX_LONG_TEXT), "longText", appearance);
}

export function choice<const Options extends readonly [string, ...string[]]>(
  options: Options,
  appearance: Appearance,
) {
  return meta(z.enum(options), "choice", { ...appearance, options: [...options] });
}

export function toggle(appearance: Appearance) {
  return meta(z.boolean(), "switch", appearance);
}

export function describeFields(schema: z.ZodObject): FieldDescription[] {
  return Object.entries(schema.shape).map(([name, given]) => {
    const { inner, isRequired, fallback } = unwrap(given as z.ZodType);
    const appearance = inner.meta() as Partial<Appearance> & {
      type?: FieldType;
      options?: string[];
    };
    return {
      name,
      label: appearance.label ?? name,
      type: appearance.type ?? "text",
      isRequired,
      help: appearance.help ?? null,
      placeholder: appearance.placeholder ?? null,
      options: appearance.options ?? [],
      default: fallback,
    };
  });
}

function line(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(maxLength, `must be at most ${maxLength} characters`)
    .refine((value) => !hasControlCharacters(value), "must not contain control characters");
}

function meta<Schema extends z.ZodType>(
  schema: Schema,
  type: FieldType,
  appearance: Appearance & { options?: string[] },
): Schema {
  return schema.meta({ ...appearance, type });
}

function unwrap(schema: z.ZodType): {
  inner: z.ZodType;
  isRequired: boolean;
  fallback: string | boolean | null;
} {
  if (schema instanceof z.ZodOptional) {
    return { inner: schema.unwrap() as z.ZodType, isRequired: false, fallback: null };
  }
  if (schema instanceof z.ZodDefault) {
    const value: unknown = schema.def.defaultValue;
    const fallback = typeof value === "string" || typeof value === "boolean" ? value : null;
    return { inner: schema.unwrap() as z.ZodType, isRequired: false, fallback };
  }
  return { inner: schema, isRequired: true, fallback: null };
}
