/** The installation's settings, read from the environment: the one place that knows their defaults. */
import { durationMsOr } from "../../core/durations.ts";
import { DEFAULT_OFFLINE_THRESHOLD_MS, timingOf, type Timing } from "../../core/status.ts";
import { SECOND } from "../../core/time.ts";
import type { Doc } from "../_generated/dataModel.js";
import { env } from "../_generated/server.js";
import type { SignUpPolicy } from "../validators.ts";

const DEFAULT_CHECK_INTERVAL_MS = 10 * SECOND;
/** A sweep more often than this would mostly be overhead. */
const MIN_CHECK_INTERVAL_MS = SECOND / 2;

export function checkIntervalMs(): number {
  const wantedMs = durationMsOr(env.MACHINE_HEARTBEAT_CHECK_INTERVAL, DEFAULT_CHECK_INTERVAL_MS);
  return Math.max(MIN_CHECK_INTERVAL_MS, wantedMs);
}

/** A machine's interval and threshold: its own where set, else the installation's. */
export function timingFor(
  machine: Pick<Doc<"machines">, "heartbeatIntervalMs" | "offlineThresholdMs">,
): Timing {
  return timingOf(
    machine,
    durationMsOr(env.MACHINE_OFFLINE_THRESHOLD, DEFAULT_OFFLINE_THRESHOLD_MS),
  );
}

export function arePrivateAddressesAllowed(): boolean {
  return env.ALLOW_PRIVATE_WEBHOOKS === "true";
}

/** Who may sign up after the first: anybody, those with an invite, or nobody. What it does not understand is closed. */
export function signUpPolicy(): SignUpPolicy {
  const wanted = (env.ROLLCALL_SIGNUPS ?? "").trim() || "invite";
  return wanted === "open" || wanted === "invite" ? wanted : "closed";
}

export function isDemo(): boolean {
  return env.ROLLCALL_DEMO === "true";
}

/** Whether the server's own host is to appear as a machine (S4.6). */
export function isLocalHostShown(): boolean {
  return env.LOCAL_HOST_METRICS?.trim() === "true";
}

/** Where agents send. */
export function siteUrl(): string {
  return env.CONVEX_SITE_URL;
}

/** Where people open the page, without a slash at the end; null where it is not known. */
export function pageUrl(): string | null {
  const url = env.SITE_URL ?? "";
  return URL.canParse(url) ? url.replace(/\/+$/, "") : null;
}

/** The installation's mail server (smtp:// or smtps://), or null. */
export function smtpUrl(): string | null {
  const url = env.SMTP_URL ?? "";
  return URL.canParse(url) ? url : null;
}

/** Whether links can be sent to people: there is a mail server, and an address that a link can lead to. */
export function canSendMail(): boolean {
  return smtpUrl() !== null && pageUrl() !== null;
}
