/** German texts of the People page, of invites and of the page that an invite leads to. */
import { type Texts } from "../texts.ts";

export const people: Texts["people"] = {
  lead: "Wer diese Maschinen sieht, und was jede Person darf.",
  members: "Mitglieder",
  membersLoading: "Mitglieder werden geladen",
  membersFailed: "Die Mitglieder konnten nicht geladen werden",
  columns: { who: "Wer", role: "Rolle", joined: "Dabei seit", actions: "Aktionen" },
  you: "du",
  roleOf: (name) => `Rolle von ${name}`,
  actionsFor: (name) => `Aktionen für ${name}`,
  roleChanged: (name, role) => `${name}: Rolle ist jetzt ${role}`,
  roleNotChanged: "Die Rolle wurde nicht geändert",
  makeOwner: "Zum Eigentümer machen …",
  makeOwnerTitle: (name) => `${name} den Arbeitsbereich übergeben?`,
  makeOwnerDetail: (workspace) =>
    `${workspace} gehört dann dieser Person. Du bleibst als Admin dabei; zurückgeben kann nur sie ihn.`,
  makeOwnerConfirm: "Übergeben",
  madeOwner: (name) => `Der Arbeitsbereich gehört jetzt ${name}`,
  removeMember: "Entfernen …",
  removeTitle: (name) => `${name} entfernen?`,
  removeDetail: "Der Zugang endet sofort. Was diese Person getan hat, bleibt im Protokoll.",
  removed: (name) => `${name} wurde entfernt`,
  keysStay: (count, names) =>
    count === 1
      ? `Ein von dieser Person erstellter Schlüssel bleibt gültig, denn Schlüssel gehören dem Arbeitsbereich: ${names}. Widerrufen, falls sie ihn noch haben könnte.`
      : `${count} von dieser Person erstellte Schlüssel bleiben gültig, denn Schlüssel gehören dem Arbeitsbereich: ${names}${count > 5 ? " …" : ""}. Widerrufen, was sie noch haben könnte.`,
  keysLeft: (count) =>
    count === 1
      ? "Ein von dieser Person erstellter Schlüssel bleibt gültig. Widerrufen, falls sie ihn noch haben könnte."
      : `${count} von dieser Person erstellte Schlüssel bleiben gültig. Widerrufen, was sie noch haben könnte.`,
  rolesTitle: "Was eine Rolle darf",
  roles: {
    owner: "Alles; übergibt oder löscht den Arbeitsbereich. Es gibt genau einen.",
    admin: "Auch Personen, API-Schlüssel, Kanäle, Aufräumen und Protokoll.",
    member: "Fügt Maschinen hinzu, ändert sie, bestätigt Vorfälle.",
    viewer: "Sieht die ganze Flotte, ändert nichts.",
  },
  invites: "Einladungen",
  invitesDetail:
    "Ein Link lässt eine Person herein. Verschickt wird nichts: bitte selbst weitergeben.",
  invitesLoading: "Einladungen werden geladen",
  invitesFailed: "Die Einladungen konnten nicht geladen werden",
  noInvites: "Niemand ist eingeladen",
  noInvitesDetail: "Ein Link für alle, die sich mit um diese Maschinen kümmern sollen.",
  invite: "Jemanden einladen",
  inviteColumns: { whom: "Für", role: "Rolle", by: "Von", state: "Stand", actions: "Aktionen" },
  anybody: "Wer den Link hat",
  open: "Offen",
  until: (stamp) => `bis ${stamp}`,
  expired: "Abgelaufen",
  accepted: (name) => `Angenommen von ${name}`,
  revokeInvite: (whom) => `Einladung widerrufen: ${whom}`,
  revokeTitle: "Einladung widerrufen?",
  revokeDetail: "Der Link gilt sofort nicht mehr.",
  revoked: "Die Einladung wurde widerrufen",
  dialogTitle: "Jemanden einladen",
  dialogDetail: "Erstellt einen Link, der eine Person in diesen Arbeitsbereich lässt.",
  roleLabel: "Rolle",
  email: "E-Mail",
  emailHint:
    "Zur Erinnerung, für wen er ist. Wer sich bei einem Anbieter anmeldet, der dafür bürgt, braucht keinen Link.",
  emailWrong: "Eine E-Mail-Adresse wie bob@example.com, oder leer lassen.",
  lifetime: "Gültig",
  lifetimes: { day: "Einen Tag", week: "Eine Woche", month: "30 Tage" },
  makeLink: "Link erstellen",
  linkTitle: "Der Link ist fertig",
  linkDetail: (role) => `Für eine Person, Rolle: ${role}.`,
  link: "Einladungslink",
  copyLink: "Link kopieren",
  linkOnce: "Er wird nur jetzt gezeigt. Geht er verloren, hilft ein neuer.",
  signUpsAreClosed:
    "Diese Installation nimmt keine neuen Konten an (ROLLCALL_SIGNUPS=closed): der Link gilt für Personen mit Konto.",
  page: {
    title: (workspace) => `${workspace} beitreten`,
    lead: (name, role) => `Einladung von ${name}, Rolle: ${role}.`,
    join: (workspace) => `${workspace} beitreten`,
    signedInAs: (email) => `Angemeldet als ${email}.`,
    signUp: "Konto anlegen und beitreten",
    haveAccount: "Schon ein Konto?",
    signIn: "Anmelden und beitreten",
    goneTitle: "Diese Einladung gilt nicht",
    gone: "Sie wurde benutzt, ist abgelaufen oder wurde widerrufen. Bitte um eine neue bitten.",
    goOn: "Zu Rollcall",
    closed:
      "Diese Installation nimmt keine neuen Konten an. Mit einem bestehenden Konto anmelden, um beizutreten.",
  },
};
