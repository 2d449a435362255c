/** Writes .env.local, through which `npx convex run|data|env|logs …` find the backend that `npm start` runs. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Backend } from "./backend.ts";
import type { Settings } from "./settings.ts";

const HEADING =
  "# Written by npm start, so that `npx convex …` finds the backend of the data folder ";

/** Leaves a file alone that is about another deployment or another data folder. Returns whether it is ours now. */
export function writeEnvFile({ envFile, dataDir }: Settings, backend: Backend): boolean {
  const heading = HEADING + dataDir;
  const existing = existsSync(envFile) ? readFileSync(envFile, "utf8") : null;
  if (existing !== null && mentionsDeployment(existing) && !belongsTo(existing, dataDir))
    return false;
  const values = {
    CONVEX_SELF_HOSTED_URL: backend.url,
    CONVEX_SELF_HOSTED_ADMIN_KEY: backend.adminKey,
    // Where these stand, `convex dev` writes no VITE_CONVEX_URL, which the next build would bake into the page.
    CONVEX_URL: backend.url,
    CONVEX_SITE_URL: backend.siteUrl,
  };
  const kept = (existing ?? "").split("\n").filter((line) => {
    const name = line.split("=")[0]?.trim() ?? "";
    return !(name in values) && !line.startsWith(HEADING);
  });
  const ours = [heading, ...Object.entries(values).map(([name, value]) => `${name}=${value}`)];
  const text = `${[...ours, ...kept].join("\n").trimEnd()}\n`;
  if (text === existing) return true;
  // The mode counts only for a new file; an existing one may be readable by others.
  writeFileSync(envFile, text, { mode: 0o600 });
  chmodSync(envFile, 0o600);
  return true;
}

function mentionsDeployment(text: string): boolean {
  return /^\s*CONVEX_(DEPLOYMENT|DEPLOY_KEY|SELF_HOSTED_URL)\s*=\s*\S/m.test(text);
}

function belongsTo(text: string, dataDir: string): boolean {
  const owner = text
    .split("\n")
    .find((line) => line.startsWith(HEADING))
    ?.slice(HEADING.length);
  return owner === dataDir || (owner !== undefined && !existsSync(owner));
}
