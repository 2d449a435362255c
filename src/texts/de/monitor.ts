/** German texts on the monitor itself. */
import { type Texts } from "../texts.ts";

export const monitor: Texts["monitor"] = {
  title: "Überwachung",
  detail: "Durch die Umgebung des Servers gesetzt, für alle gleich.",
  checksEvery: (interval) => `Prüft alle ${interval}`,
  noCheckYet: "Noch nicht geprüft",
  lastCheckWas: "Geprüft",
  lastCheck: "Letzte Prüfung",
  interval: "Prüft alle",
  overdue: "überfällig: niemand wird überwacht",
  lastReconciled: "Zeilen verglichen",
  self: {
    title: "Wer überwacht die Überwachung?",
    detail:
      "Etwa einmal pro Minute, solange sie läuft, ruft Rollcall diese Adresse auf. Ein Dienst dort meldet, wenn das aufhört.",
    address: "Adresse",
    placeholder: "https://hc-ping.example.com/…",
    none: "Niemand hört von uns: stirbt dieser Server, erfährt es niemand.",
    set: "Speichern",
    replace: "Ersetzen",
    clear: "Nicht mehr melden",
    saved: "Die Adresse ist gespeichert; sie hört binnen einer Minute von uns",
    cleared: "Niemand hört mehr von uns",
    target: "Meldet an",
    lastSuccess: "Angekommen",
    failing: "Nicht angekommen",
    onlyAdmins: "Ändern können das Admins.",
  },
  repairs: {
    title: "Reparaturen",
    detail: "Widersprüche zwischen Zeilen, die gefunden und behoben wurden.",
    none: "Nichts war zu beheben",
    failed: "Die Reparaturen konnten nicht geladen werden",
    loading: "Reparaturen werden geladen",
  },
};
