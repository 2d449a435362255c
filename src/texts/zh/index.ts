import { type Texts } from "../texts.ts";
import { account } from "./account.ts";
import { apiKeys } from "./apiKeys.ts";
import { app } from "./app.ts";
import { audit } from "./audit.ts";
import { charts } from "./charts.ts";
import { common } from "./common.ts";
import { demo } from "./demo.ts";
import { enrolment } from "./enrolment.ts";
import { fleet } from "./fleet.ts";
import { format } from "./format.ts";
import { incidents } from "./incidents.ts";
import { machine } from "./machine.ts";
import { maintenance } from "./maintenance.ts";
import { measurements } from "./measurements.ts";
import { monitor } from "./monitor.ts";
import { notifications } from "./notifications.ts";
import { palette } from "./palette.ts";
import { people } from "./people.ts";
import { statusPages } from "./statusPages.ts";
import { workspace } from "./workspace.ts";

export const zh: Texts = {
  account,
  apiKeys,
  app,
  audit,
  charts,
  common,
  demo,
  enrolment,
  fleet,
  format,
  incidents,
  machine,
  maintenance,
  measurements,
  monitor,
  notifications,
  palette,
  people,
  statusPages,
  workspace,
};
