import { useSyncExternalStore } from "react";
import {
  type ContrastChoice,
  type ThemeChoice,
  chooseContrast,
  chooseTheme,
  contrastChoice,
  subscribeToTheme,
  themeChoice,
} from "@/lib/theme.ts";

/** The chosen theme and how to choose another. */
export function useTheme(): [ThemeChoice, (choice: ThemeChoice) => void] {
  return [useSyncExternalStore(subscribeToTheme, themeChoice), chooseTheme];
}

/** The chosen contrast and how to choose the other. */
export function useContrast(): [ContrastChoice, (choice: ContrastChoice) => void] {
  return [useSyncExternalStore(subscribeToTheme, contrastChoice), chooseContrast];
}
