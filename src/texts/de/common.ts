/** German words that every page uses. */
import { inOtherWords } from "../sentences.ts";
import { type Texts } from "../texts.ts";
import { sentences } from "./sentences.ts";

export const common: Texts["common"] = {
  cancel: "Abbrechen",
  close: "Schließen",
  done: "Fertig",
  save: "Speichern",
  delete: "Löschen",
  remove: "Entfernen",
  revoke: "Widerrufen",
  optional: "freiwillig",
  copied: "Kopiert",
  copyByHand: "Bitte von Hand kopieren",
  copy: (what) => `${what} kopieren`,
  showSecret: (what) => `${what} anzeigen`,
  hideSecret: (what) => `${what} verbergen`,
  tryAgain: "Noch einmal",
  reload: "Neu laden",
  loadOlder: "Ältere laden",
  never: "nie",
  nothing: "–",
  you: "Du",
  writeToConfirm: (phrase) => `Zur Bestätigung „${phrase}“ eintippen`,
  nothingMatches: "Nichts gefunden",
  clearFilter: "Filter leeren",
  noMachineMatches: ["Keine Maschine passt zu ", "."],
  notReported: (what) => `${what}: nicht gemeldet`,
  lastKnown: (value) => `${value}, zuletzt bekannt`,
  connections: {
    live: "Live",
    connecting: "Verbindet",
    reconnecting: "Verbindet neu",
    unreachable: "Keine Verbindung",
  },
  dataAge: (duration) => `Stand vor ${duration}`,
  shownAsOfLastConnection: "Stand der letzten Verbindung",
  backendSilent: "Der Server antwortet nicht",
  backendTried: (url) =>
    `Versucht wurde ${url}. Läuft Rollcall dort? Sobald es antwortet, geht es hier von selbst weiter.`,
  loadingApp: "Rollcall wird geladen",
  states: {
    online: "Online",
    late: "Verspätet",
    offline: "Offline",
    waiting: "Wartet",
    stopped: "Gestoppt",
  },
  roles: { owner: "Eigentümer", admin: "Admin", member: "Mitglied", viewer: "Betrachter" },
  keyMaker: {
    by: (name) => `von ${name}`,
    byNobody: "von jemandem, dessen Konto gelöscht ist",
    left: "nicht mehr hier",
    demoted: "kein Admin mehr",
  },
  errors: {
    connection:
      "Die Verbindung brach ab, bevor die Antwort kam. Läuft der Server? Dann noch einmal versuchen.",
    unexpected:
      "Auf dem Server ging etwas schief. Noch einmal versuchen; Näheres steht im Protokoll des Servers.",
  },
  serverSaid: (text) => inOtherWords(sentences, text),
  refusals: {
    notSignedIn: "Bitte anmelden, um fortzufahren.",
    signUpsClosed:
      "Diese Installation hat schon einen Eigentümer und nimmt keine neuen Konten an. Er kann dich einladen.",
    badCredentials: "E-Mail-Adresse oder Passwort stimmt nicht.",
    forbidden: "Dafür reicht deine Rolle in diesem Arbeitsbereich nicht.",
    notFound: "Das gibt es nicht (mehr).",
    duplicateMachineId: "Eine Maschine mit dieser Kennung gibt es schon.",
    limitReached: "Mehr davon geht nicht: die Grenze ist erreicht.",
    rateLimited: "Zu viele Versuche. Bitte kurz warten und noch einmal versuchen.",
  },
};
