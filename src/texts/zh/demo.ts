import { type Texts } from "../texts.ts";

export const demo: Texts["demo"] = {
  label: "演示",
  isMadeUp: "演示：机器和历史均为虚构，仅存在于本机。",
  signIn: (email, password) => `请用 ${email} 登录，密码为 ${password}。`,
};
