/** E-mail: the message as text and HTML. Which server sends it is the channel's setting or the installation's. */
import * as z from "zod";
import { clip, escapeHtml, plain } from "../../core/escape.ts";
import { bodyOf, type Message, symbolOf, titleOf } from "../../core/messages.ts";
import { smtpUrl } from "../model/settings.ts";
import { secret, text } from "./fields.ts";
import { defineNotifier, type MailRequest } from "./notifier.ts";

const MAX_RECIPIENTS = 20;
const MAX_SUBJECT = 200;
const MAX_BODY = 50_000;
const addressPattern = /^[^\s@<>(),;:"\\[\]]+@[^\s@<>(),;:"\\[\]]+$/;

const schema = z.object({
  to: text({ label: "To", placeholder: "ops@example.com, night@example.com", maxLength: 1_000 }),
  from: text({ label: "From", help: "Left out: the server's account.", maxLength: 254 }).optional(),
  smtpUrl: secret(
    {
      label: "Mail server",
      placeholder: "smtps://user:password@mail.example.com",
      help: "Left out: the installation's own (SMTP_URL).",
    },
    {
      isUsable: (value) =>
        URL.canParse(value) && ["smtp:", "smtps:"].includes(new URL(value).protocol),
      otherwise: "must be like smtps://user:password@mail.example.com",
    },
  ).optional(),
});
type Config = z.output<typeof schema>;

export const email = defineNotifier({
  kind: "email",
  title: "E-mail",
  schema: schema
    .refine(({ to }) => isListOfAddresses(to), {
      path: ["to"],
      message: `must be one to ${MAX_RECIPIENTS} addresses, separated by commas`,
    })
    .refine(({ from }) => from === undefined || addressPattern.test(from), {
      path: ["from"],
      message: "must be an address",
    }),
  targetOf: ({ to }) => to,
  hostOf: (config) => {
    const server = serverOf(config);
    return server === null ? "smtp" : new URL(server).host;
  },
  requestsFor: (config, message) => [requestOf(config, message)],
});

function requestOf(config: Config, message: Message): MailRequest {
  const server = serverOf(config);
  if (server === null)
    throw new Error("There is no mail server: set SMTP_URL, or one in the channel.");
  const title = `${symbolOf(message)} ${titleOf(message)}`;
  const links = [
    ...(message.acknowledgeUrl === null ? [] : [["Acknowledge", message.acknowledgeUrl] as const]),
    ...(message.pageUrl === null ? [] : [["Open Rollcall", message.pageUrl] as const]),
  ];
  const text = bodyOf(message, { escape: plain, maxLength: MAX_BODY });
  const html = bodyOf(message, { escape: escapeHtml, maxLength: MAX_BODY });
  const [opened] = message.resolves;
  return {
    transport: "smtp",
    server,
    isGuarded: config.smtpUrl !== undefined,
    from: config.from ?? accountOf(server),
    to: addressesIn(config.to),
    subject: clip(title, MAX_SUBJECT),
    text: [title, "", text, "", ...links.map(([label, href]) => `${label}: ${href}`)].join("\n"),
    html: [
      `<p><strong>${escapeHtml(title)}</strong></p>`,
      `<p>${html.replaceAll("\n", "<br>")}</p>`,
      ...links.map(([label, href]) => `<p><a href="${escapeHtml(href)}">${label}</a></p>`),
    ].join("\n"),
    messageId: messageIdOf(message.id),
    inReplyTo: opened === undefined ? null : messageIdOf(opened.id),
  };
}

function serverOf(config: Config): string | null {
  return config.smtpUrl ?? smtpUrl();
}

/** Threads the recovery to the alarm in people's mailboxes, and marks a repeated message as the same. */
export function messageIdOf(id: string): string {
  return `<${id}@rollcall>`;
}

/** The sender: the server's account, where that is an address. */
export function accountOf(server: string): string {
  const { username, hostname } = new URL(server);
  const account = decodeURIComponent(username);
  return addressPattern.test(account) ? account : `rollcall@${hostname}`;
}

function addressesIn(list: string): string[] {
  return list
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
}

function isListOfAddresses(list: string): boolean {
  const addresses = addressesIn(list);
  const isShort = addresses.length > 0 && addresses.length <= MAX_RECIPIENTS;
  return isShort && addresses.every((address) => addressPattern.test(address));
}
