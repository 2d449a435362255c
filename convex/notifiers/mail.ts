/** Sends e-mail over SMTP, under the same guard as outboundFetch: a server that a person named must be a public one. */
"use node";

import { createTransport } from "nodemailer";
import type { Logger } from "nodemailer/lib/shared/index.js";
import type { SendOutcome } from "../validators.ts";
import type { MailRequest } from "./notifier.ts";
import { failureOf, TIMEOUT_MS, vettedAddress } from "./outboundFetch.ts";

/** What SMTP calls success. */
const OK = 250;
/** From here on the server means it: this message will never be taken. */
const PERMANENT = 500;
const SUBMISSION_PORT = 587;
const SUBMISSION_TLS_PORT = 465;

/** Sends and tells how it ended; never throws for what the server or the network did. */
export async function sendMail(
  request: MailRequest,
  { timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {},
): Promise<SendOutcome> {
  const startedAt = performance.now();
  const progress = { hasLeft: false };
  try {
    const transport = await transportFor(request, { timeoutMs, progress });
    try {
      await transport.sendMail({
        from: request.from,
        to: request.to,
        subject: request.subject,
        text: request.text,
        html: request.html,
        messageId: request.messageId,
        ...(request.inReplyTo === null
          ? {}
          : { inReplyTo: request.inReplyTo, references: request.inReplyTo }),
      });
    } finally {
      transport.close();
    }
    const latencyMs = Math.round(performance.now() - startedAt);
    return { kind: "delivered", responseStatus: OK, latencyMs };
  } catch (error) {
    return answerOf(error) ?? failureOf(error, { ...progress, timeoutMs });
  }
}

async function transportFor(
  { server, isGuarded }: MailRequest,
  { timeoutMs, progress }: { timeoutMs: number; progress: { hasLeft: boolean } },
) {
  const { protocol, hostname, port, username, password } = new URL(server);
  const isTls = protocol === "smtps:";
  const host = isGuarded ? (await vettedAddress(hostname)).address : hostname;
  const account = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return createTransport({
    host,
    port: port === "" ? (isTls ? SUBMISSION_TLS_PORT : SUBMISSION_PORT) : Number(port),
    secure: isTls,
    tls: { servername: hostname },
    ...(username === "" ? {} : { auth: account }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    logger: watching(progress),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** What the server said, where it said no; null where it did not answer. Its words are not kept. */
function answerOf(error: unknown): SendOutcome | null {
  const { responseCode, code } = detailsOf(error);
  const none = { latencyMs: null, retryAfterMs: null };
  if (responseCode !== undefined) {
    const isRetryable = responseCode < PERMANENT;
    const text = `The mail server answered ${responseCode}.`;
    return { kind: "failed", isRetryable, error: text, responseStatus: responseCode, ...none };
  }
  if (code !== "EAUTH") return null;
  const text = "The mail server refused the account.";
  return { kind: "failed", isRetryable: false, error: text, responseStatus: null, ...none };
}

/** Only its log says when the text is on its way; before that the message cannot have arrived. */
function watching(progress: { hasLeft: boolean }): Logger {
  const note = (entry: unknown) => {
    if ((entry as { tnx?: string }).tnx === "message") progress.hasLeft = true;
  };
  const logger = { trace: note, debug: note, info: note, warn: note, error: note, fatal: note };
  return { ...logger, level: () => undefined };
}

function detailsOf(error: unknown): { responseCode?: number; code?: string } {
  return error instanceof Error ? (error as Error & { responseCode?: number; code?: string }) : {};
}
