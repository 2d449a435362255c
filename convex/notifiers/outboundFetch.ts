/**
 * The one way out: every request to an address that a user chose goes through here. The name is resolved once, private
 * addresses are refused, and the connection goes to the address that was vetted; redirects are not followed.
 */
"use node";

import { lookup } from "node:dns/promises";
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { isPublicAddress } from "../../core/addresses.ts";
import { SECOND } from "../../core/time.ts";
import { arePrivateAddressesAllowed } from "../model/settings.ts";
import type { SendOutcome } from "../validators.ts";
import type { HttpRequest, WaitField } from "./notifier.ts";

export const TIMEOUT_MS = 10 * SECOND;
/**
 * Of the answer's body only so much is taken off the wire, and none of it is kept: it may be anybody's page. Read is
 * one number, where an API says in it how long to wait.
 */
const MAX_ANSWER_BYTES = 4 * 1024;
const TOO_MANY_REQUESTS = 429;

export interface Address {
  address: string;
  family: number;
}

/** What the platform does, for tests to replace: resolves a name to all of its addresses. */
export type Resolve = (hostname: string) => Promise<Address[]>;

export class PrivateAddressError extends Error {
  override name = "PrivateAddressError";
}

/** As the channels build it, or with a body of bytes. */
export type WireRequest = Omit<HttpRequest, "body"> & { body: string | Uint8Array };

/** Sends and tells how it ended; never throws for what the receiver or the network did. */
export async function outboundFetch(
  request: WireRequest,
  { resolve = resolveAll, timeoutMs = TIMEOUT_MS }: { resolve?: Resolve; timeoutMs?: number } = {},
): Promise<SendOutcome> {
  const url = new URL(request.url);
  const startedAt = performance.now();
  const progress = { hasLeft: false };
  try {
    const address = await within(timeoutMs, vettedAddress(url.hostname, resolve));
    const answer = await exchange({ url, request, address, timeoutMs, progress });
    const latencyMs = Math.round(performance.now() - startedAt);
    return outcomeOf(request, answer, latencyMs);
  } catch (error) {
    return failureOf(error, { hasLeft: progress.hasLeft, timeoutMs });
  }
}

/** The first public address of a name; the literal itself for a literal. @throws PrivateAddressError */
export async function vettedAddress(
  hostname: string,
  resolve: Resolve = resolveAll,
): Promise<Address> {
  const addresses = await resolve(hostname.replace(/^\[(.*)\]$/, "$1"));
  const arePrivateAllowed = arePrivateAddressesAllowed();
  const vetted = addresses.find(({ address }) => arePrivateAllowed || isPublicAddress(address));
  if (vetted === undefined) throw new PrivateAddressError();
  return vetted;
}

/** How an attempt failed. Once the request has left, nobody knows whether it arrived. */
export function failureOf(
  error: unknown,
  { hasLeft, timeoutMs }: { hasLeft: boolean; timeoutMs: number },
): SendOutcome {
  const answer = { responseStatus: null, latencyMs: null, retryAfterMs: null };
  const text = describeError(error, timeoutMs);
  if (hasLeft) {
    return { kind: "uncertain", error: `${text} It may have arrived.`, ...answer };
  }
  const isRetryable = !(error instanceof PrivateAddressError);
  return { kind: "failed", isRetryable, error: text, ...answer };
}

async function resolveAll(hostname: string): Promise<Address[]> {
  return await lookup(hostname, { all: true });
}

function outcomeOf(
  { refusals, waitField }: WireRequest,
  { statusCode: responseStatus = 0, headers, body }: Answer,
  latencyMs: number,
): SendOutcome {
  if (responseStatus >= 200 && responseStatus < 300) {
    return { kind: "delivered", responseStatus, latencyMs };
  }
  return {
    kind: "failed",
    isRetryable: !refusals.includes(responseStatus),
    error: describeStatus(responseStatus),
    responseStatus,
    latencyMs,
    retryAfterMs:
      parseRetryAfterMs(headers["retry-after"]) ?? (waitField ? waitMsIn(body, waitField) : null),
  };
}

type Answer = Pick<IncomingMessage, "statusCode" | "headers"> & { body: string };

async function exchange({
  url,
  request: { method, headers, body, waitField },
  address,
  timeoutMs,
  progress,
}: {
  url: URL;
  request: WireRequest;
  address: Address;
  timeoutMs: number;
  progress: { hasLeft: boolean };
}): Promise<Answer> {
  const pinned: LookupFunction = (_hostname, options, callback) => {
    if (options.all === true) callback(null, [address]);
    else callback(null, address.address, address.family);
  };
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const options: RequestOptions = {
    method,
    headers: method === "GET" ? headers : { ...headers, "Content-Length": String(bytes.length) },
    lookup: pinned,
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
  };
  const start = url.protocol === "https:" ? httpsRequest : httpRequest;
  return await new Promise<Answer>((done, refuse) => {
    const outgoing = start(url, options, (answer) => {
      const { statusCode, headers: answered } = answer;
      const isRead = statusCode === TOO_MANY_REQUESTS && waitField !== undefined;
      const end = (text: string) => done({ statusCode, headers: answered, body: text });
      takeOff(answer, isRead ? end : () => undefined);
      if (!isRead) end("");
    });
    outgoing.on("finish", () => (progress.hasLeft = true));
    outgoing.on("error", refuse);
    outgoing.end(bytes);
  });
}

/** Takes the beginning of a body off the wire; says what it was when it ended, was cut off or came too slowly. */
function takeOff(answer: IncomingMessage, end: (text: string) => void): void {
  const chunks: Uint8Array[] = [];
  let received = 0;
  answer.on("error", () => answer.destroy());
  answer.on("close", () => end(Buffer.concat(chunks).toString("utf8")));
  answer.on("data", (chunk: Uint8Array) => {
    received += chunk.length;
    if (received <= MAX_ANSWER_BYTES) chunks.push(chunk);
    else answer.destroy();
  });
}

/** A number in a JSON text, in milliseconds; null where it is not there. */
function waitMsIn(body: string, { path, unitMs }: WaitField): number | null {
  try {
    const found = path.reduce<unknown>(
      (node, name) => (node as Record<string, unknown> | null)?.[name],
      JSON.parse(body),
    );
    const waitMs = typeof found === "number" ? Math.ceil(found * unitMs) : 0;
    return waitMs > 0 && Number.isFinite(waitMs) ? waitMs : null;
  } catch {
    return null;
  }
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  return await Promise.race([
    work,
    new Promise<never>((_done, refuse) => {
      signal.addEventListener("abort", () => refuse(new DOMException("", "TimeoutError")));
    }),
  ]);
}

function describeError(error: unknown, timeoutMs: number): string {
  if (error instanceof PrivateAddressError) {
    return "The address is private or reserved; only public addresses are allowed.";
  }
  const { name, code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  if (name === "TimeoutError" || name === "AbortError") {
    return `No answer within ${timeoutMs / SECOND} s.`;
  }
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "The host name could not be resolved.";
    case "ECONNREFUSED":
      return "The connection was refused.";
    case "ECONNRESET":
      return "The connection was closed before an answer came.";
    default:
      return `The request failed${code === undefined ? "" : ` (${code})`}.`;
  }
}

function describeStatus(responseStatus: number): string {
  const isRedirect = responseStatus >= 300 && responseStatus < 400;
  return isRedirect
    ? `The receiver answered ${responseStatus}; redirects are not followed.`
    : `The receiver answered ${responseStatus}.`;
}

/** Seconds or a date; null where it is missing or unreadable. */
function parseRetryAfterMs(header: string | undefined): number | null {
  if (header === undefined) return null;
  const isNumber = /^\d+(\.\d+)?$/.test(header);
  const waitMs = isNumber ? Number(header) * SECOND : Date.parse(header) - Date.now();
  return Number.isFinite(waitMs) && waitMs > 0 ? Math.ceil(waitMs) : null;
}
