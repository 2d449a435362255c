/** Decides which variables the deployment is to have: secrets that are missing, and what this start was told. Pure. */
import { exportJWK, exportPKCS8, generateKeyPair } from "jose";
import type { Change } from "./deployment.ts";
import { PASSED_ON } from "./environment.ts";

export interface VariablesPlan {
  changes: Change[];
  /** Set by this start: gone from the environment at the next one, they are removed. */
  variables: string[];
}

/**
 * What was set by `npx convex env set` stays, unless this start's environment says otherwise. What an earlier start
 * set (`before`) and this one's environment does not name any more is removed.
 */
export function planVariables(options: {
  env: Record<string, string | undefined>;
  existing: ReadonlyMap<string, string>;
  before: readonly string[];
  pageUrl: string;
}): VariablesPlan {
  const { existing, before } = options;
  const wanted = new Map<string, string>();
  for (const name of PASSED_ON) {
    const value = options.env[name]?.trim();
    if (value !== undefined && value !== "") wanted.set(name, value);
  }
  const mayDefaultSiteUrl = !existing.has("SITE_URL") || before.includes("SITE_URL");
  if (!wanted.has("SITE_URL") && mayDefaultSiteUrl) wanted.set("SITE_URL", options.pageUrl);
  const set = [...wanted].filter(([name, value]) => existing.get(name) !== value);
  const removed = before.filter((name) => !wanted.has(name) && existing.has(name));
  return {
    changes: [
      ...set.map(([name, value]) => ({ name, value })),
      ...removed.map((name) => ({ name, value: null })),
    ],
    variables: [...wanted.keys()],
  };
}

/** A new key pair for signing sessions, in the form that Convex Auth reads; nothing when there is one already. */
export async function missingSecrets(existing: ReadonlyMap<string, string>): Promise<Change[]> {
  if (existing.has("JWT_PRIVATE_KEY") && existing.has("JWKS")) return [];
  const keys = await generateKeyPair("RS256", { extractable: true });
  const privateKey = await exportPKCS8(keys.privateKey);
  const publicKey = await exportJWK(keys.publicKey);
  return [
    { name: "JWT_PRIVATE_KEY", value: privateKey.trimEnd().replaceAll("\n", " ") },
    { name: "JWKS", value: JSON.stringify({ keys: [{ use: "sig", ...publicKey }] }) },
  ];
}
