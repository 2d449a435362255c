/** What a browser may do with the page. */

export type PageHeaders = {
  /** The http(s) origins that the page talks to besides its own. */
  connectOrigins: string[];
  /** Directives of the content security policy that take the place of the ones here: `style-src 'self'`. */
  policy?: string[];
  /** Further headers: `strict-transport-security: max-age=31536000`. */
  headers?: string[];
};

/** Throws with one line when a header or directive is none. */
export function securityHeaders(given: PageHeaders): Record<string, string> {
  const { connectOrigins, policy: directives = [], headers = [] } = given;
  const connections = connectOrigins.flatMap((origin) => [
    origin,
    origin.replace("http", "ws"), // http → ws, https → wss
  ]);
  const policy = {
    "default-src": "'self'",
    "script-src": "'self'",
    // Many libraries insert style elements while they run. A page without them says so: --page-policy.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": ["'self'", ...new Set(connections)].join(" "),
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    ...Object.fromEntries(directives.map((text) => split(text, /^([a-z-]+) +(.+)$/))),
  };
  return {
    "content-security-policy": Object.entries(policy)
      .map(([directive, value]) => `${directive} ${value}`)
      .join("; "),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    ...Object.fromEntries(headers.map((text) => split(text, /^([A-Za-z-]+): *(.+)$/))),
  };
}

function split(text: string, pattern: RegExp): [string, string] {
  const [, name, value] = pattern.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name.toLowerCase(), value];
  throw new Error(`"${text}" is no page header or policy directive.`);
}
