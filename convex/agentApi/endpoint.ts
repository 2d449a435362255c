/** What all endpoints for agents share: credential, body, one mutation, and the answer or refusal that comes of it. */
import type { PublicHttpAction } from "convex/server";
import type { Issue, Parsed } from "../../core/agentApi.ts";
import { SECOND } from "../../core/time.ts";
import type { ActionCtx } from "../_generated/server.js";
import { httpAction } from "../functions.ts";
import {
  errorResponse,
  isRefusal,
  issueMessage,
  refuse,
  refuseBody,
  type Refusal,
} from "./answers.ts";
import { readBody } from "../model/requestBody.ts";

export interface Endpoint<Credential, Body, Answer extends { kind: string }> {
  /** What is missing or malformed stands for a wrong one: both must take the same way. */
  credentialOf: (request: Request) => Promise<Credential>;
  parse: (body: unknown) => Parsed<Body>;
  /** Authenticates and stores in one mutation. */
  record: (ctx: ActionCtx, credential: Credential, body: Body) => Promise<Answer | Refusal>;
  /** Only whether the credential is good: with a bad body, others than its owner must not learn that it is bad. */
  check: (ctx: ActionCtx, credential: Credential) => Promise<Refusal | null>;
  /** Told of everything that is refused; may answer how long to wait (ms) instead. */
  noteRefusal: (
    ctx: ActionCtx,
    credential: Credential,
    what: RefusedRequest,
  ) => Promise<number | null>;
  /** What a good credential would look like. */
  unauthorized?: string;
}

export type RefusedRequest = { kind: "wrongSecret" } | { kind: "badBody"; message: string };

export function endpoint<Credential, Body, Answer extends { kind: string }>(
  definition: Endpoint<Credential, Body, Answer>,
): PublicHttpAction {
  return httpAction(async (ctx: ActionCtx, request) => {
    try {
      return await respond(ctx, request, definition);
    } catch (error) {
      console.error(`${new URL(request.url).pathname} failed:`, error);
      return errorResponse("unavailable", { retryAfterMs: SECOND });
    }
  });
}

async function respond<Credential, Body, Answer extends { kind: string }>(
  ctx: ActionCtx,
  request: Request,
  definition: Endpoint<Credential, Body, Answer>,
): Promise<Response> {
  const { parse, record, check, noteRefusal, unauthorized } = definition;
  const body = await readBody(request);
  if (body.kind === "tooLarge") return errorResponse("tooLarge");
  const credential = await definition.credentialOf(request);
  const refused = async (refusal: Refusal) => {
    if (refusal.kind !== "unauthorized") return refuse(refusal);
    const retryAfterMs = await noteRefusal(ctx, credential, { kind: "wrongSecret" });
    return retryAfterMs === null
      ? refuse(refusal, unauthorized)
      : refuse({ kind: "rateLimited", retryAfterMs });
  };
  const parsed = body.kind === "json" ? parse(body.value) : null;
  if (parsed?.ok === true) {
    const outcome = await record(ctx, credential, parsed.value);
    return isRefusal(outcome) ? await refused(outcome) : toResponse(outcome, parsed.ignored);
  }
  const refusal = await check(ctx, credential);
  if (refusal !== null) return await refused(refusal);
  const message = parsed === null ? messageOf(body) : issueMessage(parsed.issues);
  await noteRefusal(ctx, credential, { kind: "badBody", message });
  return parsed === null
    ? errorResponse("badRequest", { message })
    : refuseBody(parsed.code, parsed.issues);
}

function toResponse<Answer extends { kind: string }>(outcome: Answer, ignored?: Issue[]): Response {
  const { kind: _kind, ...answer } = outcome;
  return Response.json(ignored === undefined ? answer : { ...answer, ignored });
}

function messageOf(body: { kind: string; message?: string }): string {
  return body.message ?? "The body is not JSON.";
}
