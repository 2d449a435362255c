/** The OpenAPI 3.1 document, made of the table of operations and its zod schemas. */
import * as z from "zod";
import { errorAnswer, restErrors } from "./errors.ts";
import { errorsOf, operations, type Operation } from "./operations.ts";

type Json = Record<string, unknown>;

/** `url` is where agents and scripts send: the site URL. */
export function openApiDocument({ url, version }: { url: string; version: string }): Json {
  const paths: Record<string, Json> = {};
  for (const [id, operation] of Object.entries<Operation>(operations)) {
    const path = (paths[operation.path] ??= {});
    path[operation.method.toLowerCase()] = describe(id, operation);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Rollcall",
      version,
      description:
        "Which machines are alive. Times are milliseconds since 1970; answers may gain fields, so ignore unknown ones.",
    },
    servers: [{ url }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key: rck_…" },
      },
      schemas: { Error: jsonSchema(errorAnswer, "output") },
    },
  };
}

function describe(operationId: string, operation: Operation): Json {
  const { summary, query, body, path } = operation;
  return {
    operationId,
    summary,
    security: securityOf(operation),
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: json(jsonSchema(body, "input")) } }),
    responses: responsesOf(operation),
  };
}

function securityOf({ access }: Operation): Json[] {
  switch (access) {
    case "public":
      return [];
    case "optional":
      return [{}, { apiKey: [] }];
    case "read":
    case "write":
      return [{ apiKey: [] }];
    default:
      return access satisfies never;
  }
}

function responsesOf(operation: Operation): Json {
  const { status, answer } = operation;
  const content =
    answer === null
      ? {}
      : {
          content:
            typeof answer === "string" ? { [answer]: {} } : json(jsonSchema(answer, "output")),
        };
  const responses: Record<string, Json> = { [status]: { description: "Done.", ...content } };
  for (const code of errorsOf(operation)) {
    const { httpStatus, message } = restErrors[code];
    const known = responses[httpStatus];
    const description = `${code}: ${message}`;
    responses[httpStatus] = {
      description:
        known === undefined ? description : `${String(known["description"])} ${description}`,
      content: json({ $ref: "#/components/schemas/Error" }),
    };
  }
  return responses;
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters(query: z.ZodType): Json[] {
  const { properties = {}, required = [] } = jsonSchema(query, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

function json(schema: Json): Json {
  return { "application/json": { schema } };
}

/** Answers may gain fields: only requests are closed. */
function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema: node }) => {
      if (io === "output") delete node.additionalProperties;
    },
  });
  return rest;
}
