/** Which theme and contrast are on: the person's choice, or the system's. public/theme.js does the same before first paint. */

export type ThemeChoice = "system" | "light" | "dark";
/** "usual" goes by the system, which may ask for more. */
export type ContrastChoice = "usual" | "more";

const STORAGE_KEY = "rollcall.theme";
const CONTRAST_KEY = "rollcall.contrast";
const listeners = new Set<() => void>();

/** The stored choice; "system" where there is none or storage is blocked. */
export function themeChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}

export function chooseTheme(choice: ThemeChoice): void {
  try {
    if (choice === "system") localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, choice);
  } catch {
    // Storage is blocked: the choice holds until the page is closed.
  }
  applyTheme(choice);
  for (const listener of listeners) listener();
}

/** More contrast than usual, whatever the system prefers; "usual" goes by the system. */
export function chooseContrast(choice: ContrastChoice): void {
  try {
    if (choice === "usual") localStorage.removeItem(CONTRAST_KEY);
    else localStorage.setItem(CONTRAST_KEY, choice);
  } catch {
    // Storage is blocked: the choice holds until the page is closed.
  }
  applyContrast(choice === "more");
  for (const listener of listeners) listener();
}

/** The stored choice; "usual" where there is none or storage is blocked. */
export function contrastChoice(): ContrastChoice {
  try {
    return localStorage.getItem(CONTRAST_KEY) === "more" ? "more" : "usual";
  } catch {
    return "usual";
  }
}

/** Whether the page shows more contrast than usual. */
export function isHighContrast(): boolean {
  return document.documentElement.dataset.contrast === "more";
}

export function subscribeToTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follows the system while "system" is chosen, and other tabs of this browser. */
export function followSystemTheme(): void {
  const follow = () => {
    applyTheme(themeChoice());
    applyContrast(contrastChoice() === "more");
    for (const listener of listeners) listener();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
  matchMedia("(prefers-contrast: more)").addEventListener("change", follow);
  applyContrast(contrastChoice() === "more");
  addEventListener("storage", (event) => {
    if (event.key === STORAGE_KEY || event.key === CONTRAST_KEY) follow();
  });
}

function applyTheme(choice: ThemeChoice): void {
  const isSystemDark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme =
    choice === "system" ? (isSystemDark ? "dark" : "light") : choice;
}

function applyContrast(isChosen: boolean): void {
  const isMore = isChosen || matchMedia("(prefers-contrast: more)").matches;
  document.documentElement.dataset.contrast = isMore ? "more" : "usual";
}
