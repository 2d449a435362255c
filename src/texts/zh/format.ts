/** Chinese texts of numbers and times, and of what is counted everywhere. */
import { type Texts } from "../texts.ts";

export const format: Texts["format"] = {
  units: {
    days: (count) => `${count}天`,
    hours: (count) => `${count}小时`,
    minutes: (count) => `${count}分`,
    seconds: (count) => `${count}秒`,
  },
  twoUnits: (big, small) => `${big}${small}`,
  justNow: "刚刚",
  ago: (duration) => `${duration}前`,
  machines: (count) => `${count.toLocaleString("zh")} 台机器`,
  durationUnreadable: "请输入时长，例如 30s、2m 或 1h。",
  durationBetween: (least, most) => `请输入 ${least} 到 ${most} 之间的时长。`,
};
