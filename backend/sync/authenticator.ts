/** How sync/ learns who a client is. It says nothing of JWTs or of where admin keys come from: http/ implements it. */
import { type Caller } from "../runtime/engine.ts";

/** `expiresAt` is in ms since the epoch, null for callers that do not expire. */
export type Authenticated = { caller: Caller; expiresAt: number | null };

export type Authenticator = {
  /** Verifies a user's token. Rejects with AuthenticationError; any other error means "try again later". */
  user(token: string): Promise<Authenticated>;
  /** Checks an admin key; `impersonating` are the claims of the user to act as. Throws AuthenticationError. */
  admin(key: string, impersonating?: Record<string, unknown>): Authenticated;
};

/** The credential was refused. `code` is Convex's name of the reason (`InvalidAuthHeader`, `NoAuthProvider`, …). */
export class AuthenticationError extends Error {
  readonly code: string;
  readonly httpStatus: number;
  constructor(code: string, message: string, httpStatus = 401) {
    super(message);
    this.name = "AuthenticationError";
    this.code = code;
    this.httpStatus = httpStatus;
  }
}

export const NOBODY: Authenticated = {
  caller: { kind: "user", identity: null },
  expiresAt: null,
};
