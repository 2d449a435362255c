/** Bars of days, each a slider over them: how a day looks, and where a key leads. */

/** Height tells what colour does not: a day with silence is shorter the longer it was. Null where no time counts. */
export function barOf(uptime: number | null): string {
  if (uptime === null) return "h-1/4 bg-line-strong";
  if (uptime >= 1) return "h-full bg-online-fill";
  return uptime >= 0.99 ? "h-4/5 bg-late-fill" : "h-1/2 bg-offline-fill";
}

/** The day that a key leads to, or null for a key that leads nowhere. */
export function nextIndex(key: string, index: number, last: number): number | null {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return Math.max(0, index - 1);
    case "ArrowRight":
    case "ArrowUp":
      return Math.min(last, index + 1);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}
