/** German texts of numbers and times, and of what is counted everywhere. */
import { type Texts } from "../texts.ts";

export const format: Texts["format"] = {
  units: {
    days: (count) => `${count} T`,
    hours: (count) => `${count} h`,
    minutes: (count) => `${count} min`,
    seconds: (count) => `${count} s`,
  },
  twoUnits: (big, small) => `${big} ${small}`,
  justNow: "gerade eben",
  ago: (duration) => `vor ${duration}`,
  machines: (count) => `${count.toLocaleString("de")} ${count === 1 ? "Maschine" : "Maschinen"}`,
  durationUnreadable: "Eine Dauer wie 30s, 2m oder 1h eingeben.",
  durationBetween: (least, most) => `Bitte zwischen ${least} und ${most}.`,
};
