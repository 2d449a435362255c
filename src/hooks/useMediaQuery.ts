import { useCallback, useSyncExternalStore } from "react";

/** Whether a CSS media query holds, live. For what CSS alone cannot do, such as rendering one of two lists. */
export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}
