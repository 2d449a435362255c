/** English texts of numbers and times, and of what is counted everywhere. */
export const format = {
  units: {
    days: (count: number) => `${count}d`,
    hours: (count: number) => `${count}h`,
    minutes: (count: number) => `${count}m`,
    seconds: (count: number) => `${count}s`,
  },
  /** "3h 4m" from its two parts. */
  twoUnits: (big: string, small: string) => `${big} ${small}`,
  justNow: "just now",
  ago: (duration: string) => `${duration} ago`,
  machines: (count: number) =>
    `${count.toLocaleString("en")} ${count === 1 ? "machine" : "machines"}`,
  /** Complaints about a typed duration; the units are the same in every language. */
  durationUnreadable: "Write a duration such as 30s, 2m or 1h.",
  durationBetween: (least: string, most: string) => `Between ${least} and ${most}, please.`,
};
