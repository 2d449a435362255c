/** Chinese texts on the monitor itself. */
import { type Texts } from "../texts.ts";

export const monitor: Texts["monitor"] = {
  title: "监控",
  detail: "由后端环境设定，对所有人相同。",
  checksEvery: (interval) => `每 ${interval} 检查一次`,
  noCheckYet: "尚未检查",
  lastCheckWas: "上次检查",
  lastCheck: "上次检查",
  interval: "检查间隔",
  overdue: "已逾期：当前没有机器受到监控",
  lastReconciled: "数据核对",
  self: {
    title: "谁来监控监控？",
    detail: "正常运行时，Rollcall 大约每分钟访问此地址一次。停止访问时，那里的服务会通知你。",
    address: "地址",
    placeholder: "https://hc-ping.example.com/…",
    none: "没有任何人会收到我们的心跳：如果此服务器宕机，不会有人知道。",
    set: "保存",
    replace: "更换",
    clear: "停止发送",
    saved: "地址已保存，一分钟内会收到心跳",
    cleared: "不再发送心跳",
    target: "发送至",
    lastSuccess: "已送达",
    failing: "未送达",
    onlyAdmins: "只有管理员可以更改。",
  },
  repairs: {
    title: "修复",
    detail: "监控发现并修复的数据矛盾。",
    none: "无需修复",
    failed: "无法加载修复记录",
    loading: "正在加载修复记录",
  },
};
