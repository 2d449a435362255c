/** Builds the page into dist/ as `npm start` does, so that installations which start beside each other find it there. */
import { resolve } from "node:path";
import { Children } from "./lib/children.ts";
import { buildPage } from "./lib/page.ts";
import { readSettings } from "./lib/settings.ts";

await buildPage(readSettings(resolve(import.meta.dirname, ".."), process.env), new Children());
