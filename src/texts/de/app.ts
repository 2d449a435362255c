/** German texts of the frame around every page, and of what all pages share. */
import { type Texts } from "../texts.ts";

export const app: Texts["app"] = {
  skipToContent: "Zum Inhalt springen",
  mainNavigation: "Hauptmenü",
  accountMenu: "Konto",
  morePlaces: "Mehr",
  managing: "Verwalten",
  shortPlaces: { notifications: "Meldungen" },
  places: {
    fleet: "Flotte",
    incidents: "Vorfälle",
    notifications: "Benachrichtigungen",
    maintenance: "Wartung",
    statusPages: "Statusseiten",
    people: "Personen",
    apiKeys: "API-Schlüssel",
    audit: "Protokoll",
    settings: "Einstellungen",
  },
  monitorIsSilent:
    "Die Überwachung selbst prüft nicht mehr. Maschinen, die jetzt verstummen, fallen erst auf, wenn sie wieder läuft.",
  settingsSections: {
    account: "Konto",
    workspace: "Arbeitsbereich",
    machines: "Maschinen",
    monitor: "Überwachung",
  },
  pageFailed: "Diese Seite ist fehlgeschlagen",
  updated: "Rollcall wurde aktualisiert",
  updatedDetail: "Neu laden, um die neue Fassung dieser Seite zu bekommen.",
  toFleet: "Zur Flotte",
  noSuchPage: "Diese Seite gibt es nicht",
  notFound: "Nicht gefunden",
  nothingAt: ["Unter ", " ist nichts."],
  shortcuts: {
    acknowledge: "Bestätigen, was bei der Maschine offen ist",
    palette: "Maschine finden, überall hingehen, alles tun",
    title: "Tastenkürzel",
    filter: "Zum Filter",
    move: "Nächste und vorige Maschine",
    open: "Maschine neben der Liste zeigen; noch einmal: ihre Seite öffnen",
    choose: "Maschine auswählen",
    leave: "Details schließen oder Auswahl aufheben",
    help: "Diese Hilfe",
  },
};
