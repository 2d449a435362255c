/** All kinds of channels by name: what they accept, what may be shown of them, and the requests that they send. */
import * as z from "zod";
import { isPrivateHost } from "../../core/addresses.ts";
import type { Message } from "../../core/messages.ts";
import { fail } from "../model/fail.ts";
import type { ChannelConfig, ChannelKind } from "../validators.ts";
import { discord } from "./discord.ts";
import { email } from "./email.ts";
import type { FieldDescription } from "./fields.ts";
import { gotify } from "./gotify.ts";
import { matrix } from "./matrix.ts";
import type { Notifier, OutboundRequest } from "./notifier.ts";
import { ntfy } from "./ntfy.ts";
import { opsgenie } from "./opsgenie.ts";
import { pagerduty } from "./pagerduty.ts";
import { pushover } from "./pushover.ts";
import { slack } from "./slack.ts";
import { teams } from "./teams.ts";
import { telegram } from "./telegram.ts";
import { template } from "./template.ts";
import { webhook } from "./webhook.ts";
import { webpush } from "./webpush.ts";

/** In the order in which the page offers them. */
export const notifiers: Record<ChannelKind, Notifier> = {
  telegram,
  email,
  slack,
  discord,
  teams,
  ntfy,
  pushover,
  gotify,
  matrix,
  pagerduty,
  opsgenie,
  webhook,
  template,
  webpush,
};

interface Channel {
  kind: ChannelKind;
  config: ChannelConfig;
}

/** The configuration to store; refuses what the kind cannot use (invalid, naming the field). */
export function parseConfig(
  { kind, config }: Channel,
  { arePrivateAllowed }: { arePrivateAllowed: boolean },
): ChannelConfig {
  const notifier = notifiers[kind];
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== ""));
  for (const field of notifier.fields.filter(({ type }) => type === "url")) {
    const address = given[field.name];
    if (address !== undefined) given[field.name] = checkUrl(field, address, arePrivateAllowed);
  }
  try {
    return withoutUndefined(notifier.parse(given));
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return refuse(notifier, error);
  }
}

export function targetOf({ kind, config }: Channel): string {
  return notifiers[kind].targetOf(config);
}

export function hostOf({ kind, config }: Channel): string {
  return notifiers[kind].hostOf(config);
}

/** What may be shown of the configuration, and which secrets are set. */
export function shownConfig({ kind, config }: Channel): {
  config: ChannelConfig;
  secretsSet: string[];
} {
  const secretNames = notifiers[kind].fields
    .filter(({ name, type }) => type === "secret" || isAddressSecret(kind, name))
    .map(({ name }) => name);
  const shown = Object.entries(config).filter(([name]) => !secretNames.includes(name));
  return {
    config: Object.fromEntries(shown),
    secretsSet: secretNames.filter((name) => config[name] !== undefined),
  };
}

/** The requests for one attempt, signed for the moment `now` (milliseconds). */
export async function requestsFor(
  { kind, config }: Channel,
  message: Message,
  now: number,
): Promise<OutboundRequest[]> {
  return await notifiers[kind].requestsFor(config, message, now);
}

/** Whoever knows these addresses can post: they are secrets by themselves. Own headers may hold tokens. */
function isAddressSecret(kind: ChannelKind, name: string): boolean {
  const addressKinds: ChannelKind[] = ["webhook", "slack", "discord", "teams", "template"];
  const isAddress = name === "url" ? addressKinds.includes(kind) : name === "endpoint";
  return isAddress || name === "headers";
}

function checkUrl(
  { name, label }: FieldDescription,
  value: string | number | boolean,
  arePrivateAllowed: boolean,
): string {
  const field = `config.${name}`;
  const refuseUrl = (must: string): never =>
    fail({ kind: "invalid", field, message: `${label} ${must}.` });
  const text = String(value).trim();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return refuseUrl("must be an http:// or https:// address");
  }
  if (url.username !== "" || url.password !== "") {
    refuseUrl("must not contain a user name or password");
  }
  if (!arePrivateAllowed && isPrivateHost(url.hostname)) {
    refuseUrl("must be a public address: this one is private, loopback or reserved");
  }
  return text;
}

function refuse(notifier: Notifier, { issues }: z.ZodError): never {
  const [issue] = issues;
  const name = String(issue?.path[0] ?? "");
  const field = notifier.fields.find((candidate) => candidate.name === name);
  const isMissing = issue?.code === "invalid_type";
  const problem = isMissing ? "is needed" : (issue?.message ?? "cannot be used");
  return fail({
    kind: "invalid",
    field: name === "" ? "config" : `config.${name}`,
    message: `${field?.label ?? "The configuration"} ${problem}.`,
  });
}

function withoutUndefined(config: ChannelConfig): ChannelConfig {
  const entries = Object.entries(config) as [string, ChannelConfig[string] | undefined][];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, ChannelConfig[string]] => entry[1] !== undefined),
  );
}
