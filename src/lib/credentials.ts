/** Makes a machine's id and secret in the browser (S3.1): the server stores only the secret's hash. */
import { nanoid } from "nanoid";
import { keyPrefixes } from "../../core/keys.ts";
import { MACHINE_ID_LENGTH } from "../../core/token.ts";

/** 40 characters of 6 bits each: nobody guesses 240 bits. */
const SECRET_LENGTH = 40;

export function newCredentials(): { machineId: string; secret: string } {
  return { machineId: nanoid(MACHINE_ID_LENGTH), secret: nanoid(SECRET_LENGTH) };
}

/** A key with which machines enrol themselves. */
export function newEnrolmentKey(): string {
  return keyPrefixes.enrolment + nanoid(SECRET_LENGTH);
}

/** A secret for signing webhooks, when somebody does not bring their own. */
export function newSigningSecret(): string {
  return nanoid(SECRET_LENGTH);
}

/** What an invite's link ends in. */
export function newInviteToken(): string {
  return nanoid(SECRET_LENGTH);
}

/** A key for scripts. */
export function newApiKey(): string {
  return `${keyPrefixes.api}${nanoid(SECRET_LENGTH)}`;
}
