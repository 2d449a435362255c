/** Chinese texts on what only some machines measure. */
import { type Texts } from "../texts.ts";

export const measurements: Texts["measurements"] = {
  title: "更多指标",
  detail: "以最近一次上报的心跳为准",
  swap: "交换空间",
};
