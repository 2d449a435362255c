/** `npm run requirements`: writes docs/requirements.md. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findTests, formatRequirements, readRequirements } from "./lib/requirements.ts";

const root = resolve(import.meta.dirname, "..");
const text = formatRequirements(readRequirements(root), findTests(root));
writeFileSync(join(root, "docs/requirements.md"), text);
