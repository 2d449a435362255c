import { useAuthActions } from "@convex-dev/auth/react";
import { useConvexAuth } from "convex/react";
import { useEffect } from "react";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { api, type Me } from "@/lib/backend.ts";
import { isNotSignedIn } from "@/lib/errors.ts";
import { forgetSession, hadSession, rememberSession } from "./sessionMemory.ts";

export type Session =
  | { state: "loading" }
  | { state: "signedIn"; me: Me }
  | { state: "signedOut"; isExpired: boolean }
  | { state: "failed"; error: Error };

/** Who is signed in. A session that the server no longer knows is given up, and counts as expired. */
export function useSession(): Session {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const { signOut } = useAuthActions();
  const { data: me, error } = useLiveQuery(api.users.me, isAuthenticated ? {} : "skip");
  const isVoid = isAuthenticated && (me === null || isNotSignedIn(error));

  useEffect(() => {
    if (isVoid) void signOut();
    else if (isAuthenticated) rememberSession();
  }, [isVoid, isAuthenticated, signOut]);

  if (isLoading || isVoid) return { state: "loading" };
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
