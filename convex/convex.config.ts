/** The components that Rollcall mounts and the environment variables that its functions read (through `env`). */
import migrations from "@convex-dev/migrations/convex.config.js";
import rateLimiter from "@convex-dev/rate-limiter/convex.config.js";
import { defineApp } from "convex/server";
import { v } from "convex/values";

const app = defineApp({
  env: {
    /** Silence after which a machine without a threshold of its own is offline: `2m`, `90s`; default 2m. */
    MACHINE_OFFLINE_THRESHOLD: v.optional(v.string()),
    /** How often the sweep looks for overdue machines: `10s`, `1s`; default 10s. */
    MACHINE_HEARTBEAT_CHECK_INTERVAL: v.optional(v.string()),
    /** `true` lets webhooks reach private, loopback and link-local addresses. */
    ALLOW_PRIVATE_WEBHOOKS: v.optional(v.string()),
    /** Who may sign up after the first account: `open` anybody, `invite` (default) who has an invite, `closed` nobody. */
    ROLLCALL_SIGNUPS: v.optional(v.string()),
    /** `true` lets the page say that everything in it is made up; set by npm run demo. */
    ROLLCALL_DEMO: v.optional(v.string()),
    /** `true` lets `npm start` show the server's own host as a machine; default false. */
    LOCAL_HOST_METRICS: v.optional(v.string()),
    /** How long samples, five-minute and hourly rollups are kept (`24h`, `30d`, `730d`); the last also for what happened. */
    ROLLCALL_KEEP_SAMPLES: v.optional(v.string()),
    ROLLCALL_KEEP_ROLLUPS: v.optional(v.string()),
    ROLLCALL_KEEP_HOURLY: v.optional(v.string()),
    /** How long the audit log is kept: `730d`; never less than 30 days. */
    ROLLCALL_KEEP_AUDIT: v.optional(v.string()),
    /** The installation's mail server: `smtps://user:password@mail.example.com`. */
    SMTP_URL: v.optional(v.string()),
    /** Signing in with GitHub, and with any OpenID Connect provider (Authentik, Keycloak, …) under a name of its own. */
    AUTH_GITHUB_ID: v.optional(v.string()),
    AUTH_GITHUB_SECRET: v.optional(v.string()),
    AUTH_OIDC_ISSUER: v.optional(v.string()),
    AUTH_OIDC_ID: v.optional(v.string()),
    AUTH_OIDC_SECRET: v.optional(v.string()),
    AUTH_OIDC_NAME: v.optional(v.string()),
    /** Where people open the page. */
    SITE_URL: v.optional(v.string()),
    /** Signs session tokens (PKCS 8, RS256), and the public half of it; read by Convex Auth. */
    JWT_PRIVATE_KEY: v.optional(v.string()),
    JWKS: v.optional(v.string()),
  },
});
app.use(rateLimiter);
app.use(migrations);

export default app;
