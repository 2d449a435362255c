import { useConvex, useConvexAuth } from "convex/react";
import { useEffect } from "react";
import { SECOND } from "../../../core/time.ts";
import { api } from "@/lib/backend.ts";
import { readSliceCount } from "./sliceMemory.ts";

/** Until the page of the fleet has been drawn and has subscriptions of its own. */
const HELD_MS = 10 * SECOND;

/**
 * Asks for the fleet as soon as somebody is known to be signed in, while the page around it is still being drawn. In a
 * browser that has shown no fleet before it asks for nothing: the page itself will.
 */
export function useMachinesAhead(isWanted: boolean): void {
  const client = useConvex();
  const { isAuthenticated } = useConvexAuth();
  useEffect(() => {
    const of = isWanted && isAuthenticated ? readSliceCount() : null;
    if (of === null) return;
    const held = { extendSubscriptionFor: HELD_MS };
    client.prewarmQuery({ query: api.machines.counts, args: {}, ...held });
    if (of === 1) client.prewarmQuery({ query: api.machines.list, args: {}, ...held });
    for (let slice = 0; of > 1 && slice < of; slice++) {
      client.prewarmQuery({ query: api.machines.slice, args: { slice, of }, ...held });
    }
  }, [client, isWanted, isAuthenticated]);
}
