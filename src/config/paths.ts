/** Every address of the page. Features link through here; app/router.tsx mounts the same patterns. */
export const paths = {
  fleet: {
    pattern: "/",
    href: () => "/",
    /** With the dialog that connects this machine open. */
    connectHref: (machineId: string) => `/?connect=${encodeURIComponent(machineId)}`,
  },
  machine: {
    pattern: "/machines/:machineId",
    href: (machineId: string) => `/machines/${encodeURIComponent(machineId)}`,
  },
  incidents: { pattern: "/incidents", href: () => "/incidents" },
  incident: {
    pattern: "/incidents/:incidentId",
    href: (incidentId: string) => `/incidents/${encodeURIComponent(incidentId)}`,
  },
  notifications: { pattern: "/notifications", href: () => "/notifications" },
  maintenance: { pattern: "/maintenance", href: () => "/maintenance" },
  statusPages: { pattern: "/status-pages", href: () => "/status-pages" },
  /** For everybody who has the address, signed in or not. */
  publicStatus: {
    pattern: "/status/:slug",
    href: (slug: string) => `/status/${encodeURIComponent(slug)}`,
  },
  people: { pattern: "/people", href: () => "/people" },
  apiKeys: { pattern: "/api-keys", href: () => "/api-keys" },
  audit: {
    pattern: "/audit",
    href: () => "/audit",
    /** What was changed of one thing, such as a machine. */
    subjectHref: (subjectId: string) => `/audit?subjectId=${encodeURIComponent(subjectId)}`,
  },
  settings: {
    pattern: "/settings/:section?",
    href: (section?: SettingsSection) =>
      section === undefined ? "/settings" : `/settings/${section}`,
  },
  /** For whoever holds the link, signed in or not. */
  invite: { pattern: "/invite/:token", href: (token: string) => `/invite/${token}` },
  forgotPassword: { pattern: "/forgot-password", href: () => "/forgot-password" },
  /** Links in mails lead here; the code is in the fragment, which no server sees. */
  resetPassword: { pattern: "/reset-password", href: () => "/reset-password" },
  verifyEmail: { pattern: "/verify-email", href: () => "/verify-email" },
  signIn: { pattern: "/sign-in", href: () => "/sign-in" },
  signUp: { pattern: "/sign-up", href: () => "/sign-up" },
} as const;

export type SettingsSection = "workspace" | "machines" | "monitor";

/** Where to go after signing in: only to our own pages, whatever the address bar says. */
export function safeNext(next: string | null): string {
  const isOwnPage = next !== null && /^\/(?![/\\])/.test(next);
  const isSignPage = isOwnPage && /^\/sign-(in|up)\b/.test(next);
  return isOwnPage && !isSignPage ? next : paths.fleet.href();
}
