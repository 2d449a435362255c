import { useConvexConnectionState } from "convex/react";

/**
 * connecting: not yet answered · live · reconnecting: was live, answers may be old · unreachable: never answered,
 * though tried again and again.
 */
export type Connection = "connecting" | "live" | "reconnecting" | "unreachable";

/** One failed attempt may be a backend that is just starting. */
const UNREACHABLE_AFTER_RETRIES = 3;

export function useConnection(): Connection {
  const { isWebSocketConnected, hasEverConnected, connectionRetries } = useConvexConnectionState();
  if (isWebSocketConnected) return "live";
  if (hasEverConnected) return "reconnecting";
  return connectionRetries >= UNREACHABLE_AFTER_RETRIES ? "unreachable" : "connecting";
}
