import { app } from "./app.ts";
import { demo } from "./demo.ts";
import { enrolment } from "./enrolment.ts";
import { fleet } from "./fleet.ts";
import { format } from "./format.ts";
import { incidents } from "./incidents.ts";
import { machine } from "./machine.ts";
import { maintenance } from "./maintenance.ts";
import { notifications } from "./notifications.ts";
import { palette } from "./palette.ts";
import { statusPages } from "./statusPages.ts";

/** All English texts, one file per area. The other languages have the same shape: the compiler checks it. */
export const en = {
  app,
  demo,
  enrolment,
  fleet,
  format,
  incidents,
  machine,
  maintenance,
  notifications,
  palette,
  statusPages,
};
