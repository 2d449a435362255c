/** What all agent endpoints share: token, body, one mutation, and the answer or error that comes of it. */
import type { PublicHttpAction } from "convex/server";
import { v, type Infer } from "convex/values";
import {
  agentErrors,
  type AgentErrorCode,
  type ErrorAnswer,
  type Issue,
  type Parsed,
} from "../../core/agentApi.ts";
import { parseAuthorization } from "../../core/token.ts";
import { SECOND } from "../../core/time.ts";
import { internal } from "../_generated/api.js";
import type { ActionCtx } from "../_generated/server.js";
import { httpAction, internalQuery } from "../functions.ts";
import { authenticate, sha256Hex } from "../model/credentials.ts";
import { readBody } from "./body.ts";

/** The token as it travels inside: the secret has become its hash. */
export const vCredential = v.object({ machineId: v.string(), secretHash: v.string() });
export type Credential = Infer<typeof vCredential>;

/** How a mutation may refuse. */
export const refusals = [
  v.object({ kind: v.literal("unauthorized") }),
  v.object({ kind: v.literal("deleted") }),
  v.object({ kind: v.literal("rateLimited"), retryAfterMs: v.number() }),
] as const;
export type Refusal = Infer<(typeof refusals)[number]>;

/** Stands in for a token that is missing or malformed, so that its refusal takes the same way as that of a wrong one. */
const NO_TOKEN = { machineId: "", secret: "" };

/** One text for every wrong token: an answer must not help to guess. */
const messages: Record<Exclude<AgentErrorCode, "badRequest" | "notStorable">, string> = {
  unauthorized: "Send the header Authorization: Bearer <machineId>:<secret> with a valid token.",
  machineDeleted: "This machine was removed. Stop sending.",
  tooLarge: "The body is larger than 64 KiB.",
  rateLimited: "Too many requests from this machine. Wait as Retry-After says.",
  unavailable: "The server could not take this just now. Try again.",
};

/** Whether a token is good, for requests that fail for another reason as well: nobody else learns what was wrong. */
export const check = internalQuery({
  args: { credential: vCredential },
  returns: v.union(v.literal("known"), v.literal("deleted"), v.literal("unauthorized")),
  handler: async (ctx, { credential }) => (await authenticate(ctx, credential)).kind,
});

/** An endpoint: `parse` reads the body, `record` stores it in one mutation, `answer` picks what the agent is told. */
export function agentEndpoint<Body, Answer extends { kind: string }>({
  parse,
  record,
}: {
  parse: (body: unknown) => Parsed<Body>;
  record: (ctx: ActionCtx, credential: Credential, body: Body) => Promise<Answer | Refusal>;
}): PublicHttpAction {
  return httpAction(async (ctx: ActionCtx, request) => {
    try {
      return await respond(ctx, request, { parse, record });
    } catch (error) {
      console.error(`${new URL(request.url).pathname} failed:`, error);
      return errorResponse("unavailable", messages.unavailable, { retryAfterMs: SECOND });
    }
  });
}

async function respond<Body, Answer extends { kind: string }>(
  ctx: ActionCtx,
  request: Request,
  { parse, record }: Parameters<typeof agentEndpoint<Body, Answer>>[0],
): Promise<Response> {
  const body = await readBody(request);
  if (body.kind === "tooLarge") return errorResponse("tooLarge", messages.tooLarge);
  const token = parseAuthorization(request.headers.get("authorization")) ?? NO_TOKEN;
  const secretHash = await sha256Hex(token.secret);
  const credential = { machineId: token.machineId, secretHash };
  const parsed = body.kind === "json" ? parse(body.value) : null;
  if (parsed?.ok === true) return toResponse(await record(ctx, credential, parsed.value));
  const caller = await ctx.runQuery(internal.agentApi.respond.check, { credential });
  if (caller !== "known") return toResponse({ kind: caller });
  if (parsed === null) return errorResponse("badRequest", bodyMessage(body));
  return errorResponse(parsed.code, issueMessage(parsed.issues), { issues: parsed.issues });
}

function toResponse<Answer extends { kind: string }>(outcome: Answer | Refusal): Response {
  if (isRefusal(outcome)) return refuse(outcome);
  const { kind: _kind, ...answer } = outcome;
  return Response.json(answer);
}

function isRefusal(outcome: { kind: string }): outcome is Refusal {
  return ["unauthorized", "deleted", "rateLimited"].includes(outcome.kind);
}

function refuse(refusal: Refusal): Response {
  switch (refusal.kind) {
    case "unauthorized":
      return errorResponse("unauthorized", messages.unauthorized);
    case "deleted":
      return errorResponse("machineDeleted", messages.machineDeleted);
    case "rateLimited": {
      const { retryAfterMs } = refusal;
      return errorResponse("rateLimited", messages.rateLimited, { retryAfterMs });
    }
    default:
      return refusal satisfies never;
  }
}

function errorResponse(
  code: AgentErrorCode,
  message: string,
  { issues, retryAfterMs }: { issues?: Issue[]; retryAfterMs?: number } = {},
): Response {
  const headers: Record<string, string> = {};
  if (code === "unauthorized") headers["WWW-Authenticate"] = "Bearer";
  if (retryAfterMs !== undefined) headers["Retry-After"] = String(Math.ceil(retryAfterMs / SECOND));
  const body: ErrorAnswer = { error: { code, message, ...(issues && { issues }) } };
  return Response.json(body, { status: agentErrors[code].httpStatus, headers });
}

function bodyMessage(body: { kind: string; message?: string }): string {
  return body.message ?? "The body is not JSON.";
}

function issueMessage(issues: Issue[]): string {
  const [first] = issues;
  if (first === undefined) return "The body cannot be used.";
  return first.path === "" ? first.message : `${first.path}: ${first.message}`;
}
