/** `/api/query`, `/api/mutation`, `/api/action` and their relatives: one function call a request. */
import { type IncomingMessage, type ServerResponse } from "node:http";
import * as z from "zod";
import {
  type Caller,
  type Engine,
  type FunctionOutcome,
  type RunRequest,
} from "../runtime/engine.ts";
import { encodeTs } from "../sync/timestamps.ts";
import { type Authentication } from "./authentication.ts";
import { badRequest } from "./httpError.ts";
import { readJson } from "./requestBody.ts";
import { type Route } from "./route.ts";
import { sendJson } from "./send.ts";
import { chooseFormat, formatValue, type ValueFormat } from "./valueFormat.ts";

/** Arguments may be 16 MiB; the rest is for path and format. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024 + 2000;
const MAX_BATCH = 1000;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const object = z.custom<Record<string, unknown>>(isObject, "expected an object");
const args = z.union([object, z.tuple([object]).transform(([single]) => single)]);
const callShape = {
  path: z.string().min(1),
  args: args.default({}),
  format: z.string().nullish(),
  componentPath: z.string().nullish(),
};
const call = z.object(callShape);
const batch = z.object({ queries: z.array(call).max(MAX_BATCH) });
const runBody = z.object({ args: callShape.args, format: callShape.format });

type Call = z.output<typeof call>;
type Exchange = { request: IncomingMessage; response: ServerResponse; query: string; rest: string };

export function functionRoutes(engine: Engine, authentication: Authentication): Route[] {
  const api = new FunctionsApi(engine, authentication);
  return [
    { method: "GET", path: "/api/query", handle: (exchange) => api.getQuery(exchange) },
    ...(["query", "mutation", "action"] as const).map((type): Route => ({
      method: "POST",
      path: `/api/${type}`,
      handle: (exchange) => api.call(exchange, type),
    })),
    { method: "POST", path: "/api/function", handle: (exchange) => api.call(exchange, "any") },
    { method: "POST", path: "/api/run/*", handle: (exchange) => api.run(exchange) },
    { method: "POST", path: "/api/query_batch", handle: (exchange) => api.batch(exchange) },
    {
      method: "POST",
      path: "/api/query_ts",
      handle: async ({ response }) =>
        sendJson(response, 200, JSON.stringify({ ts: encodeTs(engine.currentTs()) })),
    },
    // No history is kept: this answers with the latest state, which is at or after the timestamp that was asked for.
    {
      method: "POST",
      path: "/api/query_at_ts",
      handle: (exchange) => api.call(exchange, "query"),
    },
  ];
}

class FunctionsApi {
  readonly #engine: Engine;
  readonly #authentication: Authentication;

  constructor(engine: Engine, authentication: Authentication) {
    this.#engine = engine;
    this.#authentication = authentication;
  }

  async call({ request, response }: Exchange, type: RunRequest["type"]): Promise<void> {
    const caller = await this.#caller(request);
    const body = parse(call, await readJson(request, BODY_LIMIT_BYTES));
    sendJson(response, 200, await this.#answer(request, body, type, caller));
  }

  async getQuery({ request, response, query }: Exchange): Promise<void> {
    const caller = await this.#caller(request);
    const parameters = new URLSearchParams(query);
    const body = parse(call, {
      path: parameters.get("path"),
      args: parseJson(parameters.get("args") ?? "{}"),
      format: parameters.get("format"),
    });
    sendJson(response, 200, await this.#answer(request, body, "query", caller));
  }

  /** `/api/run/messages/list` runs `messages:list`. */
  async run({ request, response, rest }: Exchange): Promise<void> {
    const caller = await this.#caller(request);
    const slash = rest.lastIndexOf("/");
    if (slash <= 0 || slash === rest.length - 1) {
      const text = 'The path must name a module and a function, as in "/api/run/messages/list".';
      throw badRequest("InvalidFunctionPath", text);
    }
    const path = `${rest.slice(0, slash)}:${rest.slice(slash + 1)}`;
    const body = parse(runBody, (await readJson(request, BODY_LIMIT_BYTES)) ?? {});
    sendJson(response, 200, await this.#answer(request, { ...body, path }, "any", caller));
  }

  async batch({ request, response }: Exchange): Promise<void> {
    const caller = await this.#caller(request);
    const { queries } = parse(batch, await readJson(request, BODY_LIMIT_BYTES));
    const results = await Promise.all(
      queries.map((query) => this.#answer(request, query, "query", caller)),
    );
    sendJson(response, 200, `{"results":[${results.join(",")}]}`);
  }

  async #caller(request: IncomingMessage): Promise<Caller> {
    return (await this.#authentication.fromHeader(request.headers.authorization)).caller;
  }

  async #answer(
    request: IncomingMessage,
    { path, args, format, componentPath }: Call,
    type: RunRequest["type"],
    caller: Caller,
  ): Promise<string> {
    const client = request.headers["convex-client"];
    const chosen = chooseFormat(format ?? undefined, Array.isArray(client) ? client[0] : client);
    const outcome = await this.#engine.run({
      type,
      path,
      args: toJson(args),
      caller,
      ...(componentPath ? { componentPath } : {}),
    });
    return answerText(outcome, chosen);
  }
}

function answerText(outcome: FunctionOutcome, format: ValueFormat): string {
  const logLines = `"logLines":${JSON.stringify(outcome.logLines)}`;
  if (outcome.ok) {
    return `{"status":"success","value":${formatValue(outcome.value, format)},${logLines}}`;
  }
  // Absent, not null, for errors without data: a ConvexError may carry null.
  const { errorData } = outcome;
  const data = errorData === undefined ? "" : `"errorData":${formatValue(errorData, format)},`;
  const message = JSON.stringify(outcome.errorMessage);
  return `{"status":"error","errorMessage":${message},${data}${logLines}}`;
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "body";
  throw badRequest("BadRequestBody", `Invalid request: ${where}: ${issue?.message ?? "?"}`);
}

function toJson(args: Record<string, unknown>): string {
  try {
    return JSON.stringify(args);
  } catch (error) {
    // What could be read could not be written again.
    if (error instanceof RangeError) throw badRequest("BadArgs", "args is nested too deeply.");
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest("BadArgs", "args is not valid JSON.");
  }
}
