/** The routes of the site URL. Handlers are in agentApi/, restApi/ and links/. */
import { httpRouter } from "convex/server";
import { agentPaths, enrolPath } from "../core/agentApi.ts";
import { enrol } from "./agentApi/enrol.ts";
import { goodbye } from "./agentApi/goodbye.ts";
import { heartbeat } from "./agentApi/heartbeat.ts";
import { register } from "./agentApi/register.ts";
import { auth } from "./auth.ts";
import { ACKNOWLEDGE_PREFIX, act, show } from "./links/acknowledge.ts";
import { callback } from "./links/telegram.ts";
import { CALLBACK_PATH } from "./model/telegram.ts";
import { dispatch } from "./restApi/dispatch.ts";

const http = httpRouter();

auth.addHttpRoutes(http);
http.route({ path: agentPaths.register, method: "POST", handler: register });
http.route({ path: agentPaths.heartbeat, method: "POST", handler: heartbeat });
http.route({ path: agentPaths.goodbye, method: "POST", handler: goodbye });
http.route({ path: enrolPath, method: "POST", handler: enrol });
http.route({ path: "/health", method: "GET", handler: dispatch });
http.route({ path: "/metrics", method: "GET", handler: dispatch });
for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"] as const) {
  http.route({ pathPrefix: "/api/v1/", method, handler: dispatch });
}
http.route({ pathPrefix: ACKNOWLEDGE_PREFIX, method: "GET", handler: show });
http.route({ pathPrefix: ACKNOWLEDGE_PREFIX, method: "POST", handler: act });
http.route({ pathPrefix: CALLBACK_PATH, method: "POST", handler: callback });

export default http;
