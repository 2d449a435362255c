import { app } from "./app.ts";
import { demo } from "./demo.ts";
import { fleet } from "./fleet.ts";
import { format } from "./format.ts";
import { machine } from "./machine.ts";
import { palette } from "./palette.ts";

/** All English texts, one file per area. The other languages have the same shape: the compiler checks it. */
export const en = { app, demo, fleet, format, machine, palette };
