/** A channel as it is being written: from what is stored to the form, and back to what the server takes. Pure. */
import { type FunctionReturnType } from "convex/server";
import { type api, type Channel } from "@/lib/backend.ts";
import { type Texts } from "@/texts/texts.ts";

export type Kind = FunctionReturnType<typeof api.channels.kinds>[number];
export type KindField = Kind["fields"][number];
export type Preferences = Channel["preferences"];
export type Config = Record<string, string | boolean>;

export interface Draft {
  name: string;
  isPersonal: boolean;
  config: Config;
  preferences: Preferences;
  /** As typed. */
  tags: string;
}

const usual: Preferences = {
  events: ["machine.offline", "machine.online", "channel.failing"],
  tags: [],
  quietHours: null,
  delayMs: 0,
  repeatEveryMs: null,
  groupWindowMs: 20_000,
  retryUncertain: true,
  isOff: false,
};

export function emptyDraft({ fields }: Pick<Kind, "fields">, isPersonal: boolean): Draft {
  const config = Object.fromEntries(fields.map((field) => [field.name, fallbackOf(field)]));
  return { name: "", isPersonal, config, preferences: usual, tags: "" };
}

/** Secrets are never shown: their fields are empty. */
export function draftOf({ fields }: Pick<Kind, "fields">, channel: Channel): Draft {
  const { name, isPersonal, config, preferences } = channel;
  const stored = Object.fromEntries(
    fields.map((field) => {
      const value = config[field.name];
      return [field.name, typeof value === "number" ? String(value) : (value ?? fallbackOf(field))];
    }),
  );
  // A secret's default would overwrite what is kept.
  for (const secret of channel.secretsSet) stored[secret] = "";
  return { name, isPersonal, config: stored, preferences, tags: preferences.tags.join(", ") };
}

/** Without what was left empty: of secrets, the server keeps what it has. */
export function configOf(config: Config): Config {
  const entries = Object.entries(config).map(
    ([name, value]) => [name, typeof value === "string" ? value.trim() : value] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

/** What is wrong with the connection, by field, before the server is asked. */
export function problemsOf(
  texts: Texts["notifications"],
  { fields }: Pick<Kind, "fields">,
  config: Config,
  secretsSet: readonly string[],
): Record<string, string> {
  const problems = fields.flatMap((field): [string, string][] => {
    const value = config[field.name];
    if (typeof value !== "string") return [];
    const text = value.trim();
    if (text === "") {
      const isMissing = field.isRequired && !secretsSet.includes(field.name);
      return isMissing ? [[field.name, texts.form.needed(texts.ofServer(field.label))]] : [];
    }
    return field.type === "url" && !isAddress(text) ? [[field.name, texts.form.badUrl]] : [];
  });
  return Object.fromEntries(problems);
}

export function preferencesOf({ preferences, tags }: Draft) {
  const { quietHours, repeatEveryMs, ...rest } = preferences;
  return {
    ...rest,
    tags: tagsIn(tags),
    ...(quietHours !== null && { quietHours }),
    ...(repeatEveryMs !== null && { repeatEveryMs }),
  };
}

export function tagsIn(text: string): string[] {
  const tags = text.split(/[,，]/).map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ""))];
}

function fallbackOf(field: KindField): string | boolean {
  return field.default ?? (field.type === "switch" ? false : "");
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
