/** One entry per kind of channel: what it accepts, what may be shown of it, and the request that it sends. */
import type { Doc } from "../_generated/dataModel.js";
import type { WebhookConfig } from "../validators.ts";
import * as Webhook from "./webhook.ts";

type Kind = Doc<"channels">["kind"];

export interface OutboundRequest {
  url: string;
  method: "POST";
  headers: Record<string, string>;
  body: string;
}

/** The configuration to store; refuses what the kind cannot use (invalid, naming the field). */
export function parseConfig(
  kind: Kind,
  config: WebhookConfig,
  options: { arePrivateAllowed: boolean },
): WebhookConfig {
  switch (kind) {
    case "webhook":
      return Webhook.parseConfig(config, options);
    default:
      return kind satisfies never;
  }
}

/** Where messages go, in a form that gives no secret away. */
export function targetOf(kind: Kind, config: WebhookConfig): string {
  switch (kind) {
    case "webhook":
      return Webhook.targetOf(config);
    default:
      return kind satisfies never;
  }
}

/** The request for one attempt, signed for the moment `now` (milliseconds). */
export async function requestFor(
  channel: Doc<"channels">,
  delivery: Doc<"deliveries">,
  now: number,
): Promise<OutboundRequest> {
  switch (channel.kind) {
    case "webhook":
      return await Webhook.requestFor(channel.config, delivery, now);
    default:
      return channel.kind satisfies never;
  }
}
