import { useSyncExternalStore } from "react";
import { subscribeToLanguage, type Texts, texts } from "@/texts/texts.ts";

/** The texts in the language of the page; renders again when another one is chosen. */
export function useTexts(): Texts {
  return useSyncExternalStore(subscribeToLanguage, texts);
}
