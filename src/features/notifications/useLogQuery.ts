import { useSearchParams } from "react-router";
import { type Channel, type Delivery } from "@/lib/backend.ts";

export const deliveryStates = [
  "queued",
  "leased",
  "delivered",
  "failed",
  "uncertain",
  "suppressed",
] as const;

export interface LogQuery {
  state: Delivery["state"] | null;
  channelId: Channel["channelId"] | null;
  set: (name: "state" | "channel", value: string | null) => void;
  clear: () => void;
}

/** What of the log is shown. It lives in the address, so that a link shows the same. */
export function useLogQuery(): LogQuery {
  const [params, setParams] = useSearchParams();
  return {
    state: deliveryStates.find((known) => known === params.get("state")) ?? null,
    channelId: params.get("channel") as Channel["channelId"] | null,
    set: (name, value) =>
      setParams(
        (previous) => {
          if (value === null) previous.delete(name);
          else previous.set(name, value);
          return previous;
        },
        { replace: true, preventScrollReset: true },
      ),
    clear: () => setParams(new URLSearchParams(), { replace: true, preventScrollReset: true }),
  };
}
