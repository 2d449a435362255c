import { useSyncExternalStore } from "react";
import { type ThemeChoice, chooseTheme, subscribeToTheme, themeChoice } from "@/lib/theme.ts";

/** The chosen theme and how to choose another. */
export function useTheme(): [ThemeChoice, (choice: ThemeChoice) => void] {
  return [useSyncExternalStore(subscribeToTheme, themeChoice), chooseTheme];
}
