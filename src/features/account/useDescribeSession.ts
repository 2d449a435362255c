import { useMutation } from "convex/react";
import { useEffect } from "react";
import { api } from "@/lib/backend.ts";
import { deviceOf } from "@/lib/device.ts";

/** Tells the server in which browser this session is, once a page: for the list of one's sessions. */
export function useDescribeSession(): void {
  const describe = useMutation(api.sessions.describe);
  useEffect(() => {
    const { browser, system } = deviceOf(navigator.userAgent);
    // Nothing depends on it: a session that is not described is listed all the same.
    describe({ browser: browser ?? "", system: system ?? "" }).catch(() => undefined);
  }, [describe]);
}
