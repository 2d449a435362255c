/**
 * The page's language and its texts. English comes with the page, the others are loaded when they are wanted.
 * A text is a string, or a function of what it names: word order and plurals differ between languages.
 */
import { readStored, writeStored } from "@/lib/stored.ts";
import { en } from "./en/index.ts";

export type Texts = typeof en;

/** Each in its own name, as people look for it. */
export const languageNames = { en: "English", de: "Deutsch", zh: "中文" };
export type Language = keyof typeof languageNames;

const STORAGE_KEY = "rollcall.language";
const loaders: Record<Language, () => Promise<Texts>> = {
  en: () => Promise.resolve(en),
  de: async () => (await import("./de/index.ts")).de,
  zh: async () => (await import("./zh/index.ts")).zh,
};
const listeners = new Set<() => void>();
let current: { language: Language; texts: Texts } = { language: "en", texts: en };

/** The texts in the language of the page. Components use the hook useTexts, which follows a change. */
export function texts(): Texts {
  return current.texts;
}

/** The language of the page, as a BCP 47 tag for Intl. */
export function language(): Language {
  return current.language;
}

/** Before the first paint: what was chosen here, else the first of the browser's languages that there are texts for. */
export async function loadLanguage(): Promise<void> {
  // Texts that cannot be fetched must not keep the page from being shown: it stays English.
  await switchTo(languageChoice() ?? preferredLanguage()).catch(() => undefined);
}

/** Loads the texts, shows them, and remembers the choice. */
export async function chooseLanguage(chosen: Language): Promise<void> {
  writeStored(STORAGE_KEY, chosen);
  await switchTo(chosen);
}

export function subscribeToLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function switchTo(wanted: Language): Promise<void> {
  current = { language: wanted, texts: await loaders[wanted]() };
  document.documentElement.lang = wanted;
  for (const listener of listeners) listener();
}

function languageChoice(): Language | null {
  const stored = readStored(STORAGE_KEY);
  return isLanguage(stored) ? stored : null;
}

function preferredLanguage(): Language {
  const wanted = navigator.languages.map((tag) => tag.split("-")[0]);
  return wanted.find(isLanguage) ?? "en";
}

function isLanguage(value: unknown): value is Language {
  return typeof value === "string" && Object.hasOwn(languageNames, value);
}
