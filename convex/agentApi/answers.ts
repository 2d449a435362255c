/** What agents are told when they are refused: one table from refusals to texts and status codes. */
import { v, type Infer } from "convex/values";
import {
  agentErrors,
  type AgentErrorCode,
  type ErrorAnswer,
  type Issue,
} from "../../core/agentApi.ts";
import { SECOND } from "../../core/time.ts";

/** How a mutation may refuse. */
export const refusals = [
  v.object({ kind: v.literal("unauthorized") }),
  v.object({ kind: v.literal("deleted") }),
  v.object({ kind: v.literal("duplicateMachineId") }),
  v.object({ kind: v.literal("rateLimited"), retryAfterMs: v.number() }),
] as const;
export type Refusal = Infer<(typeof refusals)[number]>;

/** What a machine hears that is in the fleet now, however it came: RegisterAnswer of core/agentApi.ts. */
export const registrationFields = {
  machineId: v.string(),
  name: v.string(),
  heartbeatIntervalMs: v.number(),
  serverTime: v.number(),
};

/** One text for every wrong token: an answer must not help to guess. */
const messages: Record<Exclude<AgentErrorCode, "badRequest" | "notStorable">, string> = {
  unauthorized: "Send the header Authorization: Bearer <machineId>:<secret> with a valid token.",
  duplicateMachineId: "This machine id is taken. Make a new id and secret and try again.",
  machineDeleted: "This machine was removed. Stop sending.",
  tooLarge: "The body is larger than 64 KiB.",
  rateLimited: "Too many requests. Wait as Retry-After says.",
  unavailable: "The server could not take this just now. Try again.",
};

export function isRefusal(outcome: { kind: string }): outcome is Refusal {
  const kinds: Record<Refusal["kind"], true> = {
    unauthorized: true,
    deleted: true,
    duplicateMachineId: true,
    rateLimited: true,
  };
  return Object.hasOwn(kinds, outcome.kind);
}

/** `unauthorized`: what a good credential would look like here. */
export function refuse(refusal: Refusal, unauthorized = messages.unauthorized): Response {
  switch (refusal.kind) {
    case "unauthorized":
      return errorResponse("unauthorized", { message: unauthorized });
    case "deleted":
      return errorResponse("machineDeleted");
    case "duplicateMachineId":
      return errorResponse("duplicateMachineId");
    case "rateLimited":
      return errorResponse("rateLimited", { retryAfterMs: refusal.retryAfterMs });
    default:
      return refusal satisfies never;
  }
}

/** The body was read, and is no good: wrong shape (400) or values that cannot be stored (422). */
export function refuseBody(code: "badRequest" | "notStorable", issues: Issue[]): Response {
  return errorResponse(code, { message: issueMessage(issues), issues });
}

export function errorResponse(
  code: AgentErrorCode,
  {
    message,
    issues,
    retryAfterMs,
  }: { message?: string; issues?: Issue[]; retryAfterMs?: number } = {},
): Response {
  const headers: Record<string, string> = {};
  if (code === "unauthorized") headers["WWW-Authenticate"] = "Bearer";
  if (retryAfterMs !== undefined) headers["Retry-After"] = String(Math.ceil(retryAfterMs / SECOND));
  const known = code === "badRequest" || code === "notStorable" ? undefined : messages[code];
  const text = message ?? known ?? "The body cannot be used.";
  const body: ErrorAnswer = { error: { code, message: text, ...(issues && { issues }) } };
  return Response.json(body, { status: agentErrors[code].httpStatus, headers });
}

/** The first of the issues, for people. */
export function issueMessage(issues: Issue[]): string {
  const [first] = issues;
  if (first === undefined) return "The body cannot be used.";
  return first.path === "" ? first.message : `${first.path}: ${first.message}`;
}
