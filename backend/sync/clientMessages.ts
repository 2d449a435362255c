/** What clients may say, parsed at the edge. Anything else is a ProtocolError, which the client gets as FatalError. */
import * as z from "zod";
import { decodeTs } from "./timestamps.ts";

/** The client broke the protocol: it gets the message as FatalError and does not come back. */
export class ProtocolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ProtocolError";
  }
}

const U32_MAX = 0xffff_ffff;
const u32 = z.number().int().min(0).max(U32_MAX);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const object = z.custom<Record<string, unknown>>(isObject, "expected an object");
/** Arguments stay text from here on: they are only passed through. */
const args = z.tuple([object]).transform(([single]) => JSON.stringify(single));
const ts = z.string().transform((text, context) => {
  const value = decodeTs(text);
  if (value !== null) return value;
  context.addIssue("expected base64 of 8 bytes");
  return z.NEVER;
});

const componentPath = z.string().nullish();
const udfPath = z.string().min(1);

const addQuery = z.object({
  type: z.literal("Add"),
  queryId: u32,
  udfPath,
  args,
  journal: z.string().nullish(),
  componentPath,
});
const removeQuery = z.object({ type: z.literal("Remove"), queryId: u32 });
const functionRequest = { requestId: u32, udfPath, args, componentPath };
const baseVersion = u32;

const SCHEMAS = {
  Connect: z.object({
    type: z.literal("Connect"),
    sessionId: z.uuid(),
    connectionCount: z.number().optional(),
    lastCloseReason: z.string().nullish(),
    maxObservedTimestamp: ts.nullish(),
    clientTs: z.number().nullish(),
  }),
  Authenticate: z.discriminatedUnion("tokenType", [
    z.object({
      type: z.literal("Authenticate"),
      tokenType: z.literal("Admin"),
      value: z.string(),
      baseVersion,
      impersonating: object.nullish(),
    }),
    z.object({
      type: z.literal("Authenticate"),
      tokenType: z.literal("User"),
      value: z.string(),
      baseVersion,
    }),
    z.object({ type: z.literal("Authenticate"), tokenType: z.literal("None"), baseVersion }),
  ]),
  ModifyQuerySet: z.object({
    type: z.literal("ModifyQuerySet"),
    baseVersion,
    newVersion: u32,
    modifications: z.array(z.discriminatedUnion("type", [addQuery, removeQuery])),
  }),
  Mutation: z.object({ type: z.literal("Mutation"), ...functionRequest }),
  Action: z.object({ type: z.literal("Action"), ...functionRequest }),
  Event: z.object({ type: z.literal("Event"), eventType: z.string(), event: z.unknown() }),
};

export type Connect = z.output<typeof SCHEMAS.Connect>;
export type Authenticate = z.output<typeof SCHEMAS.Authenticate>;
export type ModifyQuerySet = z.output<typeof SCHEMAS.ModifyQuerySet>;
export type AddQuery = z.output<typeof addQuery>;
export type MutationRequest = z.output<typeof SCHEMAS.Mutation>;
export type ActionRequest = z.output<typeof SCHEMAS.Action>;
export type ClientMessage =
  | Connect
  | Authenticate
  | ModifyQuerySet
  | MutationRequest
  | ActionRequest
  | z.output<typeof SCHEMAS.Event>;

const isKnownType = (type: unknown): type is keyof typeof SCHEMAS =>
  typeof type === "string" && Object.hasOwn(SCHEMAS, type);

/** Throws ProtocolError for text that is not JSON, for an unknown type (named) and for a wrong shape (the field named). */
export function parseClientMessage(text: string): ClientMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ProtocolError("Received a message that is not JSON.");
  }
  if (!isObject(json)) throw new ProtocolError("Received a message that is not a JSON object.");
  const { type } = json;
  if (!isKnownType(type)) {
    throw new ProtocolError(`Received a message of unknown type ${JSON.stringify(type)}.`);
  }
  const parsed = parseShape(type, json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new ProtocolError(`Invalid ${type} message: ${where}: ${issue?.message ?? "wrong shape"}.`);
}

function parseShape(type: keyof typeof SCHEMAS, json: Record<string, unknown>) {
  try {
    return SCHEMAS[type].safeParse(json);
  } catch (error) {
    // Arguments nested so deeply that they cannot be written as text again.
    if (error instanceof RangeError) throw new ProtocolError(`${type} is nested too deeply.`);
    throw error;
  }
}
