import { useSyncExternalStore } from "react";
import { clock } from "@/lib/clock.ts";

/** The time by the page's clock, once a second. Renders the caller every second: prefer useNowSelect in lists. */
export function useNow(): number {
  return useSyncExternalStore(clock.subscribe, clock.now);
}

/** What `select` makes of the time. Renders only when that (a string, number or boolean) changes. */
export function useNowSelect<Selected extends string | number | boolean | null>(
  select: (now: number) => Selected,
): Selected {
  return useSyncExternalStore(clock.subscribe, () => select(clock.now()));
}
