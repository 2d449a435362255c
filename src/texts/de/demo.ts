import { type Texts } from "../texts.ts";

export const demo: Texts["demo"] = {
  label: "Demo",
  isMadeUp: "Demo: Maschinen und Verlauf sind erfunden und nur auf diesem Rechner.",
  signIn: (email, password) => `Anmelden als ${email} mit dem Passwort ${password}.`,
};
