/** Limits on what people may do how often. Machines have their own, in their pulse: see pulses.ts. */
import { HOUR, MINUTE, RateLimiter, type RateLimitConfig } from "@convex-dev/rate-limiter";
import { components } from "../_generated/api.js";
import type { ActionCtx, MutationCtx } from "../_generated/server.js";
import { fail } from "./fail.ts";

const limits = {
  /** By e-mail address: a person mistypes a few times, a program does not stop. */
  signIn: { kind: "token bucket", rate: 10, period: MINUTE, capacity: 10 },
  /** By address of the caller, where it is known: somebody tries many accounts. */
  signInByAddress: { kind: "token bucket", rate: 30, period: MINUTE, capacity: 30 },
  /** All together: each attempt costs a fifth of a second of one core. */
  passwordHash: { kind: "token bucket", rate: 120, period: MINUTE, capacity: 40 },
  /** By e-mail address: a mailbox is not to be filled by others. */
  accountMail: { kind: "token bucket", rate: 5, period: HOUR, capacity: 3 },
  signUp: { kind: "token bucket", rate: 60, period: HOUR, capacity: 20 },
  /** By machine: an agent that crashes and is restarted every few seconds is still let in. */
  registration: { kind: "token bucket", rate: 30, period: MINUTE, capacity: 30 },
  /** By machine: each stop and return is kept for as long as the machine. */
  goodbye: { kind: "token bucket", rate: 10, period: MINUTE, capacity: 20 },
  /** By machine: an upgrade and its way back, a few times over. */
  versionChange: { kind: "token bucket", rate: 10, period: HOUR, capacity: 10 },
  /** By enrolment key: a fleet that boots at once, not a loop. */
  enrolment: { kind: "token bucket", rate: 600, period: MINUTE, capacity: 300 },
  enrolmentByAddress: { kind: "token bucket", rate: 60, period: MINUTE, capacity: 60 },
  /** By address: wrong tokens and keys. Right ones from the same address are not affected. */
  refusalByAddress: { kind: "token bucket", rate: 60, period: MINUTE, capacity: 30 },
  /** All together: what a flood of wrong tokens may write. */
  refusalNote: { kind: "token bucket", rate: 600, period: MINUTE, capacity: 200 },
  /** By API key: a script that polls every second is welcome, a loop without a pause is not. */
  restApi: { kind: "token bucket", rate: 600, period: MINUTE, capacity: 300 },
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
  const retryAfterMs = await take(ctx, name, key);
  if (retryAfterMs === null) return;
  const seconds = Math.ceil(retryAfterMs / 1_000);
  fail({
    kind: "rateLimited",
    message: `Too many attempts. Try again in ${seconds} s.`,
    retryAfterMs,
  });
}

/** Counts one use. Answers null, or in how many milliseconds there is room again. */
export async function take(
  ctx: MutationCtx | ActionCtx,
  name: keyof typeof limits,
  key?: string,
): Promise<number | null> {
  const options = key === undefined ? undefined : { key };
  const { ok, retryAfter } = await limiter.limit(ctx, name, options);
  return ok ? null : retryAfter;
}

/** Forgets buckets made before then (ms): each new name or address that is tried makes one, and all are full again by now. */
export async function forgetOld(ctx: MutationCtx, before: number): Promise<void> {
  await ctx.runMutation(components.rateLimiter.lib.clearAll, { before });
}

/** The address that a request came from, where the deployment knows it. */
export async function addressOf(ctx: MutationCtx | ActionCtx): Promise<string | null> {
  return (await ctx.meta.getRequestMetadata()).ip;
}

/** As `use`, by the caller's address. Where that is not known, all may pass. */
export async function useByAddress(
  ctx: MutationCtx | ActionCtx,
  name: keyof typeof limits,
): Promise<void> {
  const address = await addressOf(ctx);
  if (address !== null) await use(ctx, name, address);
}

/** As `take`, by the caller's address. Where that is not known, all may pass. */
export async function takeByAddress(
  ctx: MutationCtx | ActionCtx,
  name: keyof typeof limits,
): Promise<number | null> {
  const address = await addressOf(ctx);
  return address === null ? null : await take(ctx, name, address);
}
