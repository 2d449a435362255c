/** The credential of a machine, `machineId:secret`: its alphabet, lengths, and how it is written and read. */

/** A nanoid of the default length; the browser makes it. */
export const MACHINE_ID_LENGTH = 21;
/** 32 characters of 6 bits are 192 bits: a plain SHA-256 of it cannot be searched. */
export const SECRET_MIN_LENGTH = 32;

const machineIdPattern = /^[A-Za-z0-9_-]{21}$/;
const secretPattern = /^[A-Za-z0-9_-]{32,128}$/;

export interface MachineToken {
  machineId: string;
  secret: string;
}

export function isMachineId(text: string): boolean {
  return machineIdPattern.test(text);
}

export function isSecret(text: string): boolean {
  return secretPattern.test(text);
}

export function formatToken({ machineId, secret }: MachineToken): string {
  return `${machineId}:${secret}`;
}

/** The two halves of a token, or null where it is malformed. */
export function parseToken(text: string): MachineToken | null {
  const [machineId = "", secret = "", ...rest] = text.trim().split(":");
  return rest.length === 0 && isMachineId(machineId) && isSecret(secret)
    ? { machineId, secret }
    : null;
}

/** The token of an `Authorization: Bearer …` header, or null where the header is missing or malformed. */
export function parseAuthorization(header: string | null): MachineToken | null {
  const match = /^Bearer +(\S+) *$/i.exec(header ?? "");
  return match?.[1] === undefined ? null : parseToken(match[1]);
}
