/** What the contract suite needs of an implementation of Convex: a small port, as a client sees one. */
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";

/** A signed-in caller; the claims become the identity that functions see. */
export type Person = { subject: string; name?: string; email?: string; team?: string };

export type Session = {
  query<F extends FunctionReference<"query">>(
    fn: F,
    args: FunctionArgs<F>,
  ): Promise<FunctionReturnType<F>>;
  mutation<F extends FunctionReference<"mutation">>(
    fn: F,
    args: FunctionArgs<F>,
  ): Promise<FunctionReturnType<F>>;
  action<F extends FunctionReference<"action">>(
    fn: F,
    args: FunctionArgs<F>,
  ): Promise<FunctionReturnType<F>>;
  /** Calls an HTTP action of the site. `path` starts with a slash. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** The same deployment, called by someone who is signed in. */
  as(person: Person): Session;
};

export type Implementation = {
  /** A session on a deployment of contractApp that holds no documents. */
  fresh(): Promise<Session>;
  close(): Promise<void>;
};

/** Tests of one subject, by title. */
export type Topic = Record<string, (session: Session) => Promise<void>>;

/** The issuer and audience that contractApp's auth.config.ts names. */
export const ISSUER = "https://contract.example";
export const AUDIENCE = "contract";

/** What contractApp finds in its environment, in every implementation. */
export const GREETING = "hello, fleet";
