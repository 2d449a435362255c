/** `npm run environment`: writes docs/environment.md and .env.example. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { format } from "prettier";
import { ENVIRONMENT } from "./lib/environment.ts";
import { formatEnvironment, formatExample } from "./lib/environmentTexts.ts";

const root = resolve(import.meta.dirname, "..");
const text = await format(formatEnvironment(ENVIRONMENT), { parser: "markdown" });
writeFileSync(join(root, "docs/environment.md"), text);
writeFileSync(join(root, ".env.example"), formatExample(ENVIRONMENT));
