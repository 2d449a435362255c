/** Times below a chart, in the language of the page and as short as the distance between them allows. */
import { dateFormat } from "@/lib/format.ts";
import { DAY, MINUTE } from "../../../../core/time.ts";

const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const day = { day: "numeric", month: "short" } as const;
const month = { month: "short", year: "2-digit" } as const;

/** One text per time (ms): where a new day begins among hours, its date stands for its midnight. */
export function axisTimes(times: number[], stepMs: number): string[] {
  if (stepMs >= 28 * DAY) return times.map((at) => dateFormat(month).format(at));
  if (stepMs >= DAY) return times.map((at) => dateFormat(day).format(at));
  const options = stepMs < MINUTE ? { ...clock, second: "2-digit" as const } : clock;
  return times.map((at) => dateFormat(isMidnight(at) ? day : options).format(at));
}

function isMidnight(at: number): boolean {
  const local = new Date(at);
  return local.getHours() === 0 && local.getMinutes() === 0 && local.getSeconds() === 0;
}
