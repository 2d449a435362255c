/** Every address of the page. Features link through here; app/router.tsx mounts the same patterns. */
export const paths = {
  fleet: { pattern: "/", href: () => "/" },
  machine: {
    pattern: "/machines/:machineId",
    href: (machineId: string) => `/machines/${encodeURIComponent(machineId)}`,
  },
  incidents: { pattern: "/incidents", href: () => "/incidents" },
  notifications: { pattern: "/notifications", href: () => "/notifications" },
  settings: { pattern: "/settings", href: () => "/settings" },
  signIn: { pattern: "/sign-in", href: () => "/sign-in" },
  signUp: { pattern: "/sign-up", href: () => "/sign-up" },
} as const;

/** Where to go after signing in: only to our own pages, whatever the address bar says. */
export function safeNext(next: string | null): string {
  const isOwnPage = next !== null && /^\/(?![/\\])/.test(next);
  const isSignPage = isOwnPage && /^\/sign-(in|up)\b/.test(next);
  return isOwnPage && !isSignPage ? next : paths.fleet.href();
}
