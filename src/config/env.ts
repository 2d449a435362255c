/** Where the backend is: the page's own origin, unless the build was told otherwise (Convex Cloud, another host). */

/** @throws Error naming the setting, where VITE_CONVEX_URL is no http(s) address. */
export function readBackendUrl(setting: string | undefined, origin: string): string {
  const text = setting?.trim() ?? "";
  if (text === "") return origin;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new Error(`VITE_CONVEX_URL must be an http or https address, not "${text}".`);
  }
  return text.replace(/\/+$/, "");
}

export const backendUrl = readBackendUrl(
  import.meta.env.VITE_CONVEX_URL as string | undefined,
  location.origin,
);
