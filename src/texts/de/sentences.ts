/** German for what the server refuses with, and for what its own check mended. */
import { type Sentences } from "../sentences.ts";

export const sentences: Sentences = {
  // Accounts, workspaces, people, keys.
  "Sign in to continue.": "Bitte anmelden, um fortzufahren.",
  "Enter a password.": "Bitte ein Passwort eingeben.",
  "Enter an address like name@example.com.": "Bitte eine Adresse wie name@example.com eingeben.",
  "The e-mail address or the password is wrong.": "E-Mail-Adresse oder Passwort stimmt nicht.",
  "The password must have {} characters or more.": "Das Passwort braucht mindestens $1 Zeichen.",
  "Too many wrong passwords for this address. Try again in a few minutes.":
    "Zu viele falsche Passwörter für diese Adresse. In ein paar Minuten noch einmal versuchen.",
  "Too many attempts. Try again in {} s.": "Zu viele Versuche. In $1 s noch einmal versuchen.",
  "There is an account with this e-mail address already. Sign in instead.":
    "Ein Konto mit dieser E-Mail-Adresse gibt es schon. Bitte damit anmelden.",
  "There is an account with this address, and nobody has verified it yet. Sign in with its password, and verify the address.":
    "Es gibt ein Konto mit dieser Adresse, aber niemand hat sie bestätigt. Bitte mit dessen Passwort anmelden und die Adresse bestätigen.",
  "This installation has an owner, and sign-ups are closed. Ask them to let you in.":
    "Diese Installation hat einen Eigentümer und nimmt keine neuen Konten an. Er kann dich einladen.",
  "This link was used, has expired or is not one of ours. Ask for a new one.":
    "Dieser Link ist verbraucht, abgelaufen oder nicht von uns. Bitte einen neuen anfordern.",
  "This installation sends no mail (SMTP_URL).":
    "Diese Installation verschickt keine Mails (SMTP_URL).",
  "The provider vouches for no e-mail address of yours.":
    "Der Anbieter bestätigt keine E-Mail-Adresse von dir.",
  "This is not the account's address.": "Das ist nicht die Adresse des Kontos.",
  "There is no such session.": "Diese Sitzung gibt es nicht mehr.",
  "This needs the role {}; yours is {}.":
    "Dafür reicht deine Rolle in diesem Arbeitsbereich nicht.",
  "There is no such workspace among yours.":
    "Diesen Arbeitsbereich gibt es unter deinen nicht (mehr).",
  "This is not its name.": "Das ist nicht sein Name.",
  "You can be in {} workspaces at most.": "Mehr als $1 Arbeitsbereiche kann niemand haben.",
  "You own this workspace. Transfer it to somebody else, or delete it.":
    "Dieser Arbeitsbereich gehört dir. Bitte übertragen oder löschen.",
  "Others are in workspaces that you own: {}. Transfer or delete them first.":
    "In deinen Arbeitsbereichen sind noch andere: $1. Bitte erst übertragen oder löschen.",
  "A workspace can have {} members.": "Ein Arbeitsbereich kann $1 Mitglieder haben.",
  "The owner stays the owner until they transfer the workspace.":
    "Der Eigentümer bleibt es, bis er den Arbeitsbereich überträgt.",
  "Ask somebody else to change your role, or leave.":
    "Die eigene Rolle kann nur jemand anderes ändern.",
  "There is no such member.": "Dieses Mitglied gibt es nicht (mehr).",
  "The token must be a nanoid of {} characters or more.":
    "Das Token muss eine Nanoid mit mindestens $1 Zeichen sein.",
  "A workspace can have {} invites.": "Ein Arbeitsbereich kann $1 Einladungen haben.",
  "There is no such invite.": "Diese Einladung gibt es nicht (mehr).",
  "This invite was used, has expired or was revoked. Ask for a new one.":
    "Diese Einladung ist verbraucht, abgelaufen oder widerrufen. Bitte um eine neue bitten.",
  "The key must be {} and a nanoid of 32 characters or more.":
    "Der Schlüssel muss $1 und eine Nanoid mit mindestens 32 Zeichen sein.",
  "A workspace can have {} API keys.": "Ein Arbeitsbereich kann $1 API-Schlüssel haben.",
  "There is no such API key.": "Diesen API-Schlüssel gibt es nicht (mehr).",
  // Machines, maintenance, status pages.
  "There is no such machine.": "Diese Maschine gibt es nicht (mehr).",
  "A workspace can have {} machines.": "Ein Arbeitsbereich kann $1 Maschinen haben.",
  "This machine is {}. Restore it first.":
    "Diese Maschine ist archiviert oder gelöscht. Bitte erst wiederherstellen.",
  "The secret must be a nanoid of {} characters or more (A–Z, a–z, 0–9, _ and -).":
    "Das Geheimnis muss eine Nanoid mit mindestens $1 Zeichen sein (A–Z, a–z, 0–9, _ und -).",
  "The machine id must be a nanoid of 21 characters (A–Z, a–z, 0–9, _ and -).":
    "Die Kennung muss eine Nanoid mit 21 Zeichen sein (A–Z, a–z, 0–9, _ und -).",
  "A machine with this id exists already. Make a new id and secret and try again.":
    "Eine Maschine mit dieser Kennung gibt es schon. Bitte mit neuer Kennung noch einmal versuchen.",
  "The overlap is from 0 to 24 hours.": "Beide Token gelten höchstens 24 Stunden nebeneinander.",
  "The new secret must be a new one.": "Das neue Geheimnis muss ein neues sein.",
  "The offline threshold must be longer than the heartbeat interval.":
    "„Offline nach“ muss länger sein als der Abstand der Lebenszeichen.",
  "A machine cannot depend on itself.": "Eine Maschine kann nicht von sich selbst abhängen.",
  "At most {} machines may depend on each other in a row.":
    "Höchstens $1 Maschinen dürfen in einer Reihe voneinander abhängen.",
  "Name at most {} machines at once.": "Höchstens $1 Maschinen auf einmal.",
  "A workspace can have {} enrolment keys.": "Ein Arbeitsbereich kann $1 Aufnahmeschlüssel haben.",
  "There is no such enrolment key.": "Diesen Aufnahmeschlüssel gibt es nicht (mehr).",
  "A workspace can have {} windows.": "Ein Arbeitsbereich kann $1 Fenster haben.",
  "There is no such maintenance window.": "Dieses Wartungsfenster gibt es nicht (mehr).",
  "Name at most {} machines; give them a tag instead.":
    "Höchstens $1 Maschinen; besser ein Tag für alle vergeben.",
  "Name machines by their ids.": "Maschinen mit ihrer Kennung nennen.",
  "The window must end after it starts, at most a year later.":
    "Das Fenster muss nach seinem Anfang enden, höchstens ein Jahr später.",
  "Its times must be milliseconds since 1970.": "Anfang und Ende müssen gültige Zeiten sein.",
  "The time zone must be one like Europe/Vienna or UTC.":
    "Die Zeitzone muss eine wie Europe/Vienna oder UTC sein.",
  "Choose weekdays, 0 (Sunday) to 6.": "Bitte Wochentage wählen.",
  "Choose each weekday once.": "Jeden Wochentag nur einmal wählen.",
  "It starts at a minute of the day, 0 to {}.":
    "Der Anfang muss eine Uhrzeit zwischen 0:00 und 23:59 sein.",
  "It must last from one minute to seven days.":
    "Die Dauer muss zwischen einer Minute und sieben Tagen liegen.",
  "A workspace can have {} status pages.": "Ein Arbeitsbereich kann $1 Statusseiten haben.",
  "A status page can show {} machines.": "Eine Statusseite kann $1 Maschinen zeigen.",
  "Name each machine once.": "Jede Maschine nur einmal nennen.",
  "There is no such status page.": "Diese Statusseite gibt es nicht (mehr).",
  "There is no such announcement.": "Diese Meldung gibt es nicht (mehr).",
  "It must end after it starts.": "Das Ende muss nach dem Anfang liegen.",
  "The address must be 3 to 40 of a–z, 0–9 and -, and neither begin nor end with -.":
    "Die Adresse muss 3 bis 40 Zeichen aus a–z, 0–9 und - haben, - nicht am Anfang oder Ende.",
  "This address is taken. Choose another.": "Diese Adresse ist vergeben. Bitte eine andere wählen.",
  // Incidents, channels, quiet hours.
  "There is no such incident.": "Diesen Vorfall gibt es nicht (mehr).",
  "Already acknowledged by {}.": "Schon übernommen von $1.",
  "The incident is over: the machine is back.":
    "Der Vorfall ist vorbei: die Maschine ist wieder da.",
  "An incident can have {} notes.": "Ein Vorfall kann $1 Notizen haben.",
  "There is no such note.": "Diese Notiz gibt es nicht (mehr).",
  "Only its author removes a note.": "Nur wer sie schrieb, entfernt eine Notiz.",
  "There is no such channel.": "Diesen Kanal gibt es nicht (mehr).",
  "A workspace can have {} channels.": "Ein Arbeitsbereich kann $1 Kanäle haben.",
  "You can have {} channels of your own.": "Mehr als $1 eigene Kanäle hat niemand.",
  "Its members can have {} channels of their own.":
    "Die Mitglieder können zusammen $1 eigene Kanäle haben.",
  "To must be your own address, {}, in a channel of your own.":
    "Ein eigener Kanal kann nur an die eigene Adresse senden: $1.",
  "Verify {} first, under Settings.": "Bitte erst $1 bestätigen, in den Einstellungen.",
  "There is no such delivery.": "Diese Zustellung gibt es nicht (mehr).",
  "Its channel was deleted.": "Ihr Kanal wurde gelöscht.",
  "Only what failed or is uncertain is sent again.":
    "Noch einmal gesendet wird nur, was scheiterte oder ungewiss ist.",
  "Quiet hours begin and end at a minute of the day, 0 to {}.":
    "Die Ruhezeit muss zu Uhrzeiten zwischen 0:00 und 23:59 beginnen und enden.",
  "Quiet hours must not end when they begin.":
    "Anfang und Ende der Ruhezeit müssen sich unterscheiden.",
  "Quiet hours need at least one weekday, 0 (Sunday) to 6.":
    "Die Ruhezeit braucht mindestens einen Wochentag.",
  "Name each weekday of quiet hours once.": "Jeden Wochentag der Ruhezeit nur einmal nennen.",
  // What a field holds; the field stands beside it.
  "{} must not contain control characters.": "Darf keine Steuerzeichen enthalten.",
  "Use at most {} tags.": "Höchstens $1 Tags.",
  "{} must be a whole number from {} to {} milliseconds.": "Diese Dauer ist zu kurz oder zu lang.",
  "{} must be a whole number from {} to {}.": "Muss eine ganze Zahl von $2 bis $3 sein.",
  "{} must be {} to {} characters long.": "Muss $2 bis $3 Zeichen lang sein.",
  "{} is needed.": "Wird gebraucht.",
  "{} cannot be used.": "Ist so nicht brauchbar.",
  "{} must not be empty.": "Darf nicht leer sein.",
  "{} must be at most {} characters.": "Darf höchstens $2 Zeichen haben.",
  "{} must be an http:// or https:// address.": "Muss eine Adresse mit http:// oder https:// sein.",
  "{} must not contain a user name or password.":
    "Darf weder Benutzernamen noch Passwort enthalten.",
  "{} must be a public address: this one is private, loopback or reserved.":
    "Muss eine öffentliche Adresse sein: diese ist privat oder reserviert.",
  "{} must be an address.": "Muss eine Adresse sein.",
  "{} must be one to {} addresses, separated by commas.":
    "Muss aus einer bis $2 Adressen bestehen, mit Kommas getrennt.",
  "{} must be lines like “Name: value”, at most {}.":
    "Muss aus Zeilen wie „Name: Wert“ bestehen, höchstens $2.",
  "{} must be like smtps://user:password@mail.example.com.":
    "Muss aussehen wie smtps://user:password@mail.example.com.",
  "{} must be a bot's token, like 123456:ABC-DEF.":
    "Muss das Token eines Bots sein, etwa 123456:ABC-DEF.",
  "{} must be base64 after {}.": "Muss nach $2 Base64 sein.",
  "{} must be {} bytes in base64url.": "Muss aus $2 Bytes in Base64url bestehen.",
  "{} must be JSON; put placeholders inside quotes.":
    "Muss JSON sein; Platzhalter gehören in Anführungszeichen.",
  // What the check mended.
  "it had no status": "hatte keinen Status",
  "it had no pulse": "hatte keinen Puls",
  "a message waited for none": "eine Nachricht wartete auf keine",
  "an incident was open that nobody had": "ein Vorfall war offen, den keine Maschine hatte",
  "its pulse and its status disagreed": "Puls und Status widersprachen sich",
  "it was online without a deadline": "war online ohne Frist",
  "it was offline with a deadline": "war offline mit Frist",
  "it had an incident that was over": "hatte einen Vorfall, der vorbei war",
  "it counted {} of {} online, there were {} of {}": "zählte $1 von $2 online, es waren $3 von $4",
};
