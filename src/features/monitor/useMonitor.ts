import { type FunctionReturnType } from "convex/server";
import { useEffect, useRef } from "react";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { api } from "@/lib/backend.ts";
import { clock } from "@/lib/clock.ts";

/** This many intervals without a sweep, and the monitor itself counts as down. */
const MISSED_SWEEPS = 4;

export interface MonitorHealth extends FunctionReturnType<typeof api.monitor.status> {
  isSilent: boolean;
}

/** Whether the monitor itself is alive: its sweep leaves a mark, and a mark that gets old is an alarm of its own. */
export function useMonitor(): MonitorHealth | null {
  const { data } = useLiveQuery(api.monitor.status, {});
  const silentSince =
    data === undefined || data.lastSweepAt === null
      ? null
      : data.lastSweepAt + MISSED_SWEEPS * data.checkIntervalMs;
  const isSilent = useNowSelect((now) => silentSince !== null && now > silentSince);
  return data === undefined ? null : { ...data, isSilent };
}

/** Keeps the page's clock in step with the server's: each new sweep is a moment that both have just seen. */
export function useServerClock(lastSweepAt: number | null): void {
  const previous = useRef<number | null>(null);
  useEffect(() => {
    // The first mark may be old; only one that arrives while we watch tells the time.
    const isNews = previous.current !== null && lastSweepAt !== null;
    if (isNews && lastSweepAt !== previous.current) clock.observe(lastSweepAt);
    previous.current = lastSweepAt;
  }, [lastSweepAt]);
}
