/**
 * Modules of Node's by require. An import reads every export of a module, and some are made only when they are read:
 * those of node:http load the whole of fetch, 13 MB of memory with Node 24, of which the agent would use nothing.
 */
import type * as Http from "node:http";
import { createRequire } from "node:module";
import type * as Util from "node:util";

const require = createRequire(import.meta.url);

export const http = require("node:http") as typeof Http;
export const { parseArgs } = require("node:util") as typeof Util;
