/** German texts on what only some machines measure. */
import { type Texts } from "../texts.ts";

export const measurements: Texts["measurements"] = {
  title: "Weitere Messwerte",
  detail: "Stand des letzten Lebenszeichens, das sie nannte",
  swap: "Swap",
};
