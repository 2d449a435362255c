/** The deployment's own door for administrators: its environment variables and what code it holds. */
import { createHash } from "node:crypto";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import type { Backend } from "./backend.ts";

export interface Change {
  name: string;
  /** null removes the variable. */
  value: string | null;
}

const listVariables = makeFunctionReference<
  "query",
  Record<string, never>,
  { name: string; value: string }[]
>("_system/cli/queryEnvironmentVariables");

/** A client that may call internal functions. The method is not in the types of the official one. */
export function adminClient({
  url,
  adminKey,
}: Pick<Backend, "url" | "adminKey">): ConvexHttpClient {
  const client = new ConvexHttpClient(url) as ConvexHttpClient & {
    setAdminAuth(key: string): void;
  };
  client.setAdminAuth(adminKey);
  return client;
}

export async function readVariables(backend: Backend): Promise<Map<string, string>> {
  const variables = await adminClient(backend).query(listVariables, {});
  return new Map(variables.map(({ name, value }) => [name, value]));
}

export async function changeVariables(backend: Backend, changes: Change[]): Promise<void> {
  if (changes.length === 0) return;
  await post(backend, "/api/update_environment_variables", {
    changes: changes.map(({ name, value }) => (value === null ? { name } : { name, value })),
  });
}

/** A hash of the code that the deployment holds, whoever pushed it. */
export async function deployedCodeHash(backend: Backend): Promise<string> {
  const answer = await post(backend, "/api/get_config_hashes", { adminKey: backend.adminKey });
  return createHash("sha256").update(answer).digest("hex");
}

async function post(backend: Backend, path: string, body: unknown): Promise<string> {
  const response = await fetch(backend.url + path, {
    method: "POST",
    headers: {
      authorization: `Convex ${backend.adminKey}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return text;
}
