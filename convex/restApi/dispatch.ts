/** Every request to the REST API: finds the operation, admits the caller, parses what came, answers. */
import { parseBody, type Parsed } from "../../core/agentApi.ts";
import {
  match,
  operations,
  type Operation,
  type OperationId,
} from "../../core/restApi/operations.ts";
import type { ActionCtx } from "../_generated/server.js";
import { httpAction } from "../functions.ts";
import { readBody } from "../model/requestBody.ts";
import { admit, type Caller } from "./access.ts";
import { handlers } from "./handlers.ts";
import { refuse, Refused } from "./refused.ts";

export const dispatch = httpAction(async (ctx: ActionCtx, request) => {
  const { pathname } = new URL(request.url);
  try {
    return await answer(ctx, request);
  } catch (error) {
    return refuse(error, pathname);
  }
});

async function answer(ctx: ActionCtx, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const found = match(request.method, decodePath(pathname));
  if (found.kind !== "found") {
    // Strangers do not learn what is here and what is not.
    await admit(ctx, request, "read");
    throw found.kind === "notFound"
      ? new Refused("notFound")
      : new Refused("methodNotAllowed", { allowed: found.allowed });
  }
  const { id, params } = found;
  const { status, query: querySchema }: Operation = operations[id];
  const caller = await admitFor(ctx, request, id);
  const query = queryOf(searchParams, querySchema);
  const body = await bodyFor(request, id);
  const run = handlers[id] as (ctx: ActionCtx, call: object) => Promise<object | Response | null>;
  const outcome = await run(ctx, { caller, params, query, body, now: Date.now() });
  if (outcome instanceof Response) return outcome;
  const headers = { "Cache-Control": "no-store" };
  if (outcome === null) return new Response(null, { status, headers });
  return Response.json(outcome, { status, headers });
}

async function admitFor(ctx: ActionCtx, request: Request, id: OperationId): Promise<Caller | null> {
  const { access } = operations[id];
  switch (access) {
    case "public":
      return null;
    case "optional":
      return request.headers.has("authorization") ? await admit(ctx, request, "read") : null;
    case "read":
    case "write":
      return await admit(ctx, request, access);
    default:
      return access satisfies never;
  }
}

/** An address is right or wrong; what it asks for is never stored. */
function queryOf(searchParams: URLSearchParams, schema: Operation["query"]): unknown {
  const result = parseBody(schema, Object.fromEntries(searchParams));
  return parsed(result.ok ? result : { ...result, code: "badRequest" });
}

async function bodyFor(request: Request, id: OperationId): Promise<unknown> {
  const { body: schema }: Operation = operations[id];
  if (schema === undefined) return null;
  const body = await readBody(request);
  switch (body.kind) {
    case "tooLarge":
      throw new Refused("tooLarge");
    case "unreadable":
      throw new Refused("badRequest", { message: body.message });
    case "json":
      return parsed(parseBody(schema, body.value));
    default:
      return body satisfies never;
  }
}

function parsed<T>(result: Parsed<T>): T {
  if (result.ok) return result.value;
  const { code, issues } = result;
  const [first] = issues;
  const where = first === undefined || first.path === "" ? "" : `${first.path}: `;
  throw new Refused(code, { message: `${where}${first?.message ?? "not usable"}`, issues });
}

/** What cannot be decoded is nothing that we have. */
function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return "/";
  }
}
