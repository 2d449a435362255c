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
import type { OutboundRequest } from "./registry.ts";

const TIMEOUT_MS = 10 * SECOND;
/** Of the answer's body only so much is taken off the wire, and none of it is kept: it may be anybody's page. */
const MAX_ANSWER_BYTES = 4 * 1024;
/** The receiver says that it is gone for good. */
const GONE = 410;

type Address = { address: string; family: number };
type Failure = Extract<SendOutcome, { kind: "failed" }>;

/** Sends and tells how it ended; never throws for what the receiver or the network did. */
export async function outboundFetch(request: OutboundRequest): Promise<SendOutcome> {
  const url = new URL(request.url);
  const startedAt = performance.now();
  const address = await within(TIMEOUT_MS, resolve(url.hostname)).catch(failureOf);
  if ("kind" in address) return address;
  const answer = await exchange(url, request, address).catch(failureOf);
  if ("kind" in answer) return answer;
  const latencyMs = Math.round(performance.now() - startedAt);
  const responseStatus = answer.statusCode ?? 0;
  if (responseStatus >= 200 && responseStatus < 300) {
    return { kind: "delivered", responseStatus, latencyMs };
  }
  return {
    kind: "failed",
    isRetryable: responseStatus !== GONE,
    error: describeStatus(responseStatus),
    responseStatus,
    latencyMs,
    retryAfterMs: parseRetryAfterMs(answer.headers["retry-after"]),
  };
}

/** The first public address of a name; the literal itself for a literal. */
async function resolve(hostname: string): Promise<Address | Failure> {
  const addresses = await lookup(hostname.replace(/^\[(.*)\]$/, "$1"), { all: true });
  const isAllowed = arePrivateAddressesAllowed()
    ? () => true
    : ({ address }: Address) => isPublicAddress(address);
  return (
    addresses.find(isAllowed) ?? {
      ...failed("The address is private or reserved; only public addresses are allowed."),
      isRetryable: false,
    }
  );
}

async function exchange(
  url: URL,
  { method, headers, body }: OutboundRequest,
  vetted: Address,
): Promise<IncomingMessage> {
  const pinned: LookupFunction = (_hostname, options, callback) => {
    if (options.all === true) callback(null, [vetted]);
    else callback(null, vetted.address, vetted.family);
  };
  const options: RequestOptions = {
    method,
    headers: { ...headers, "Content-Length": String(new TextEncoder().encode(body).length) },
    lookup: pinned,
    agent: false,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  const start = url.protocol === "https:" ? httpsRequest : httpRequest;
  return await new Promise<IncomingMessage>((done, refuse) => {
    const outgoing = start(url, options, (answer) => {
      discard(answer);
      done(answer);
    });
    outgoing.on("error", refuse);
    outgoing.end(body);
  });
}

function discard(answer: IncomingMessage): void {
  let received = 0;
  answer.on("error", () => answer.destroy());
  answer.on("data", (chunk: Uint8Array) => {
    received += chunk.length;
    if (received > MAX_ANSWER_BYTES) answer.destroy();
  });
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

function failureOf(error: unknown): Failure {
  const { name, code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  if (name === "TimeoutError" || name === "AbortError") {
    return failed(`No answer within ${TIMEOUT_MS / SECOND} s.`);
  }
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return failed("The host name could not be resolved.");
    case "ECONNREFUSED":
      return failed("The connection was refused.");
    case "ECONNRESET":
      return failed("The connection was closed before an answer came.");
    default:
      return failed(`The request failed${code === undefined ? "" : ` (${code})`}.`);
  }
}

function failed(error: string): Failure {
  return {
    kind: "failed",
    isRetryable: true,
    error,
    responseStatus: null,
    latencyMs: null,
    retryAfterMs: null,
  };
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
  const waitMs = /^\d+$/.test(header) ? Number(header) * SECOND : Date.parse(header) - Date.now();
  return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : null;
}
