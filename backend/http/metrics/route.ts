/**
 * `GET /metrics` of the first port, for Prometheus. Takes the admin key or, since a collector needs to do nothing else, a
 * key that opens only this.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { AuthenticationError } from "../../sync/authenticator.ts";
import { type Authentication } from "../authentication.ts";
import { type Route } from "../route.ts";
import { sendText } from "../send.ts";
import { exposition, EXPOSITION_TYPE, type MetricFamily } from "./exposition.ts";

export type MetricsRouteOptions = {
  /** Sent as `Authorization: Bearer <key>`. */
  metricsKey: string;
  authentication: Authentication;
  families: () => Promise<MetricFamily[]>;
};

export function metricsRoute({ metricsKey, authentication, families }: MetricsRouteOptions): Route {
  const expected = digest(`Bearer ${metricsKey}`);
  const check = async (header: string | undefined): Promise<void> => {
    if (header !== undefined && timingSafeEqual(digest(header), expected)) return;
    if (header?.toLowerCase().startsWith("convex ") === true) {
      await authentication.fromHeader(header);
      return;
    }
    const text =
      "The metrics of this server need the key in the file metricsKey of its data folder.";
    throw new AuthenticationError("AuthorizationMissing", text);
  };
  return {
    method: "GET",
    path: "/metrics",
    handle: async ({ request, response }) => {
      await check(request.headers.authorization);
      response.setHeader("cache-control", "no-store");
      sendText(response, 200, exposition(await families()), EXPOSITION_TYPE);
    },
  };
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
