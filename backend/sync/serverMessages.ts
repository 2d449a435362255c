/**
 * What the server says, built as text. Values are Convex-encoded JSON text already and are pasted in without being
 * parsed; the text of one query result is built once, however many sockets get it.
 */
import { type FunctionOutcome, type QueryOutcome } from "../runtime/engine.ts";
import { encodeTs } from "./timestamps.ts";

export type StateVersion = { querySet: number; identity: number; ts: bigint };

/** A query result as it stands in a modification, without the query id: `"type":…,"value":…` up to the closing brace. */
export type ResultText = string;

export const PING = '{"type":"Ping"}';

export function resultText(outcome: QueryOutcome): ResultText {
  const rest = `"logLines":${JSON.stringify(outcome.logLines)},"journal":${JSON.stringify(outcome.journal)}}`;
  if (outcome.ok) return `"type":"QueryUpdated","value":${outcome.value},${rest}`;
  return `"type":"QueryFailed","errorMessage":${JSON.stringify(outcome.errorMessage)},${errorDataText(outcome)}${rest}`;
}

export const queryModification = (queryId: number, result: ResultText): string =>
  `{"queryId":${queryId},${result}`;

export const queryRemoved = (queryId: number): string =>
  `{"type":"QueryRemoved","queryId":${queryId}}`;

/** `clockSkewMs` is the client's clock minus ours at Connect, if the client told its clock. `nowMs` is our clock. */
export function transition(t: {
  start: StateVersion;
  end: StateVersion;
  modifications: string[];
  clockSkewMs: number | null;
  nowMs: number;
}): string {
  const skew = t.clockSkewMs === null ? "" : `"clientClockSkew":${t.clockSkewMs},`;
  return (
    `{"type":"Transition","startVersion":${version(t.start)},"endVersion":${version(t.end)},` +
    `${skew}"serverTs":${t.nowMs * 1e6},"modifications":[${t.modifications.join(",")}]}`
  );
}

const version = ({ querySet, identity, ts }: StateVersion): string =>
  `{"querySet":${querySet},"identity":${identity},"ts":"${encodeTs(ts)}"}`;

export function functionResponse(
  type: "MutationResponse" | "ActionResponse",
  requestId: number,
  outcome: FunctionOutcome,
): string {
  const head = `{"type":"${type}","requestId":${requestId}`;
  const logLines = `"logLines":${JSON.stringify(outcome.logLines)}`;
  const isMutation = type === "MutationResponse";
  if (outcome.ok) {
    const ts = isMutation ? `,"ts":"${encodeTs(outcome.ts)}"` : "";
    return `${head},"success":true,"result":${outcome.value}${ts},${logLines}}`;
  }
  const ts = isMutation ? ',"ts":null' : "";
  const result = JSON.stringify(outcome.errorMessage);
  return `${head},"success":false,"result":${result}${ts},${errorDataText(outcome)}${logLines}}`;
}

/** The field must be absent, not null, for errors without data: a ConvexError may carry null. */
const errorDataText = (outcome: { errorData?: string }): string =>
  outcome.errorData === undefined ? "" : `"errorData":${outcome.errorData},`;

export const fatalError = (error: string): string => JSON.stringify({ type: "FatalError", error });

/** `authUpdateAttempted` tells a refused Authenticate from an identity that has expired. */
export const authError = (
  error: string,
  baseVersion: number,
  authUpdateAttempted: boolean,
): string => JSON.stringify({ type: "AuthError", error, baseVersion, authUpdateAttempted });

/** The parts of a long transition, in the order in which they must be sent with nothing in between. */
export function* transitionChunks(
  text: string,
  chunkLength: number,
  transitionId: string,
): Generator<string> {
  const totalParts = Math.ceil(text.length / chunkLength);
  for (let partNumber = 0; partNumber < totalParts; partNumber++) {
    // A surrogate pair that is cut in two survives: JSON.stringify escapes the halves and the client joins them.
    const chunk = text.slice(partNumber * chunkLength, (partNumber + 1) * chunkLength);
    yield JSON.stringify({ type: "TransitionChunk", chunk, partNumber, totalParts, transitionId });
  }
}
