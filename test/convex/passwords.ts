/** What tests of sign-in share: keys for tokens, and hashing that costs next to nothing. */
import { generateKeyPairSync } from "node:crypto";
import { vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import type { Backend, Person } from "./setup.ts";

export const { privateKey: JWT_PRIVATE_KEY } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
export const PASSWORD = "correct horse battery";

/** One round instead of 600,000: only one test needs the real thing. */
export function hashCheaply(): void {
  const { subtle } = crypto;
  const derive = subtle.deriveBits.bind(subtle);
  vi.spyOn(subtle, "deriveBits").mockImplementation(async (algorithm, key, length) => {
    const cheap = { ...(algorithm as Pbkdf2Params), iterations: 1 };
    return await derive(cheap, key, length);
  });
}

/** Alice signs up or in, or whoever `params` say. */
export async function enter(
  t: Pick<Backend, "action">,
  flow: string,
  params: Record<string, string> = {},
) {
  return await t.action(api.auth.signIn, {
    provider: "password",
    params: { flow, email: "alice@example.com", password: PASSWORD, ...params },
  });
}

export function subjectOf(token: string | undefined): string {
  const payload = JSON.parse(atob(token?.split(".")[1] ?? "")) as { sub: string };
  return payload.sub;
}

/** As `enter`, and the person whose session that is. */
export async function enterAs(
  t: Backend,
  flow: string,
  params: Record<string, string> = {},
): Promise<Person> {
  const { tokens } = await enter(t, flow, params);
  return t.withIdentity({ subject: subjectOf(tokens?.token) });
}
