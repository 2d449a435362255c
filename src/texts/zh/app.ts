/** Chinese texts of the frame around every page, and of what all pages share. */
import { type Texts } from "../texts.ts";

export const app: Texts["app"] = {
  skipToContent: "跳到内容",
  mainNavigation: "主导航",
  accountMenu: "账户菜单",
  morePlaces: "更多",
  managing: "管理",
  places: {
    fleet: "机群",
    incidents: "事件",
    notifications: "通知",
    maintenance: "维护",
    statusPages: "状态页",
    people: "成员",
    apiKeys: "API 密钥",
    audit: "审计日志",
    settings: "设置",
  },
  monitorIsSilent: "监控本身已停止检查。在它恢复运行之前，无法发现新的静默机器。",
};
