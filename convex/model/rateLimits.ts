/** Limits on what people may do how often. Machines have their own, in their pulse: see pulses.ts. */
import { HOUR, MINUTE, RateLimiter, type RateLimitConfig } from "@convex-dev/rate-limiter";
import { components } from "../_generated/api.js";
import type { ActionCtx, MutationCtx } from "../_generated/server.js";
import { fail } from "./fail.ts";

const limits = {
  /** By e-mail address: a person mistypes a few times, a program does not stop. */
  signIn: { kind: "token bucket", rate: 10, period: MINUTE, capacity: 10 },
  /** All together: each attempt costs a fifth of a second of one core. */
  passwordHash: { kind: "token bucket", rate: 120, period: MINUTE, capacity: 40 },
  signUp: { kind: "token bucket", rate: 60, period: HOUR, capacity: 20 },
  /** By workspace: a test sends a request to an address of the caller's choice. */
  channelTest: { kind: "token bucket", rate: 20, period: MINUTE, capacity: 10 },
} satisfies Record<string, RateLimitConfig>;

const limiter = new RateLimiter(components.rateLimiter, limits);

/** Counts one use and refuses it (rateLimited) where there were too many. */
export async function use(
  ctx: MutationCtx | ActionCtx,
  name: keyof typeof limits,
  key?: string,
): Promise<void> {
  const { ok, retryAfter } = await limiter.limit(
    ctx,
    name,
    key === undefined ? undefined : { key },
  );
  if (ok) return;
  const seconds = Math.ceil(retryAfter / 1_000);
  fail({
    kind: "rateLimited",
    message: `Too many attempts. Try again in ${seconds} s.`,
    retryAfterMs: retryAfter,
  });
}
