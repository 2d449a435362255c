import { type Texts } from "../texts.ts";

export const demo: Texts["demo"] = {
  label: "Demo",
  isMadeUp: "Demo: alles erfunden, nur auf diesem Rechner.",
  signIn: (email, password) => `Anmelden: ${email}, Passwort ${password}.`,
};
