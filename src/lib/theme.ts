/** Which theme is on: the person's choice, or the system's preference. public/theme.js does the same before first paint. */

export type ThemeChoice = "system" | "light" | "dark";

const STORAGE_KEY = "rollcall.theme";
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

export function subscribeToTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follows the system while "system" is chosen, and other tabs of this browser. */
export function followSystemTheme(): void {
  const follow = () => {
    applyTheme(themeChoice());
    for (const listener of listeners) listener();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
  addEventListener("storage", (event) => {
    if (event.key === STORAGE_KEY) follow();
  });
}

function applyTheme(choice: ThemeChoice): void {
  const isSystemDark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme =
    choice === "system" ? (isSystemDark ? "dark" : "light") : choice;
}
