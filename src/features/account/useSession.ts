import { useAuthActions } from "@convex-dev/auth/react";
import { useConvexAuth } from "convex/react";
import { useEffect } from "react";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { type AccountRemoval, api, type Me } from "@/lib/backend.ts";
import { isNotSignedIn } from "@/lib/errors.ts";
import { forgetSession, hadSession, rememberSession } from "./sessionMemory.ts";

export type Session =
  | { state: "loading" }
  | { state: "signedIn"; me: Me }
  | { state: "signedOut"; isExpired: boolean }
  /** The account is being deleted: there is nothing left to do but watch. */
  | { state: "leaving"; removal: AccountRemoval }
  | { state: "failed"; error: Error };

/** Who is signed in. A session that the server no longer knows is given up, and counts as expired. */
export function useSession(): Session {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { signOut } = useAuthActions();
  const { data: me, error } = useLiveQuery(api.users.me, isAuthenticated ? {} : "skip");
  const isUnknown = isAuthenticated && (me === null || isNotSignedIn(error));
  const { data: removal } = useLiveQuery(api.accounts.removal, isUnknown ? {} : "skip");
  const isLeaving = isUnknown && removal !== undefined && removal !== null;
  const isVoid = isUnknown && removal === null;

  useEffect(() => {
    if (isLeaving) forgetSession();
    else if (isVoid) void signOut();
    else if (isAuthenticated && !isUnknown) rememberSession();
  }, [isLeaving, isVoid, isUnknown, isAuthenticated, signOut]);

  if (isLeaving) return { state: "leaving", removal };
  if (isLoading || isUnknown) return { state: "loading" };
  if (!isAuthenticated) return { state: "signedOut", isExpired: hadSession() };
  if (error !== null) return { state: "failed", error };
  return me === undefined || me === null ? { state: "loading" } : { state: "signedIn", me };
}

/** Signs out on purpose. */
export function useSignOut(): () => Promise<void> {
  const { signOut } = useAuthActions();
  return async () => {
    forgetSession();
    await signOut();
  };
}
