/** What this page is shown in, by names that people know: enough to tell one's browsers apart. */

/** "Firefox" and "macOS"; null where there is no name that we know. */
export function deviceOf(userAgent: string): { browser: string | null; system: string | null } {
  const found = (names: readonly (readonly [string, string])[]) =>
    names.find(([mark]) => userAgent.includes(mark))?.[1] ?? null;
  return { browser: found(browserMarks), system: found(systemMarks) };
}

// The first that is found counts: browsers and systems name their ancestors too.
const browserMarks = [
  ["Edg/", "Edge"],
  ["EdgA/", "Edge"],
  ["OPR/", "Opera"],
  ["SamsungBrowser/", "Samsung Internet"],
  ["Firefox/", "Firefox"],
  ["FxiOS/", "Firefox"],
  ["CriOS/", "Chrome"],
  ["Chrome/", "Chrome"],
  ["Safari/", "Safari"],
] as const;
const systemMarks = [
  ["Android", "Android"],
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Windows", "Windows"],
  ["Mac OS", "macOS"],
  ["CrOS", "ChromeOS"],
  ["Linux", "Linux"],
] as const;
