/** The mails about an account: what they say, in the language of the page that asked for them. */
import { escapeHtml } from "./escape.ts";

export const mailLanguages = ["en", "de", "zh"] as const;
export type MailLanguage = (typeof mailLanguages)[number];
export type AccountMailKind = "verify" | "reset";

interface Wording {
  subject: string;
  text: string;
  link: string;
  ignore: string;
}

const wordings: Record<AccountMailKind, Record<MailLanguage, Wording>> = {
  verify: {
    en: {
      subject: "Confirm your e-mail address for Rollcall",
      text: "Follow this link to confirm that this address is yours. It works once, for a day.",
      link: "Confirm the address",
      ignore: "If this was not you, there is nothing to do.",
    },
    de: {
      subject: "E-Mail-Adresse für Rollcall bestätigen",
      text: "Dieser Link bestätigt, dass diese Adresse stimmt. Er gilt einmal, einen Tag lang.",
      link: "Adresse bestätigen",
      ignore: "Falls jemand anders das angefordert hat, ist nichts zu tun.",
    },
    zh: {
      subject: "确认你的 Rollcall 邮箱地址",
      text: "打开此链接以确认这个邮箱属于你。链接一天内有效，仅可使用一次。",
      link: "确认邮箱",
      ignore: "如果不是你本人操作，无需理会。",
    },
  },
  reset: {
    en: {
      subject: "Reset your Rollcall password",
      text: "Follow this link to choose a new password. It works once, for half an hour.",
      link: "Choose a new password",
      ignore: "If this was not you, there is nothing to do: the password stays as it is.",
    },
    de: {
      subject: "Rollcall-Passwort zurücksetzen",
      text: "Dieser Link führt zu einem neuen Passwort. Er gilt einmal, eine halbe Stunde lang.",
      link: "Neues Passwort wählen",
      ignore: "Falls jemand anders das angefordert hat, ist nichts zu tun: das Passwort bleibt.",
    },
    zh: {
      subject: "重置你的 Rollcall 密码",
      text: "打开此链接以设置新密码。链接半小时内有效，仅可使用一次。",
      link: "设置新密码",
      ignore: "如果不是你本人操作，无需理会，密码不会改变。",
    },
  },
};

/** `link` is a URL of ours. Languages that there are no words in get English. */
export function accountMail(
  kind: AccountMailKind,
  { language, link }: { language: string; link: string },
): { subject: string; text: string; html: string } {
  const known = mailLanguages.find((candidate) => candidate === language) ?? "en";
  const words = wordings[kind][known];
  return {
    subject: words.subject,
    text: [words.text, "", link, "", words.ignore].join("\n"),
    html: [
      `<p>${escapeHtml(words.text)}</p>`,
      `<p><a href="${escapeHtml(link)}">${escapeHtml(words.link)}</a></p>`,
      `<p>${escapeHtml(words.ignore)}</p>`,
    ].join("\n"),
  };
}
