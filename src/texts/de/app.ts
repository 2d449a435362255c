/** German texts of the frame around every page, and of what all pages share. */
import { type Texts } from "../texts.ts";

export const app: Texts["app"] = {
  skipToContent: "Zum Inhalt springen",
  mainNavigation: "Hauptmenü",
  accountMenu: "Konto",
  morePlaces: "Mehr",
  managing: "Verwalten",
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
};
