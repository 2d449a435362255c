/** What a browser may do with the page. */

/** `connectOrigins` are the http(s) origins that the page talks to besides its own. */
export function securityHeaders(connectOrigins: string[]): Record<string, string> {
  const connections = connectOrigins.flatMap((origin) => [
    origin,
    origin.replace("http", "ws"), // http → ws, https → wss
  ]);
  const policy = {
    "default-src": "'self'",
    "script-src": "'self'",
    // Style attributes set by scripts, as positioned menus and toasts need them, count as inline.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": ["'self'", ...new Set(connections)].join(" "),
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
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
  };
}
