/**
 * Convex's document ids: base32 of `vint(table number) ++ 16 bytes ++ checksum`. Here the 16 bytes begin with the time of
 * creation, so that new documents go to the right edge of their B-tree; the other 10 bytes are random.
 */
import { randomFillSync } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const VALUE_OF = new Map([...ALPHABET].map((letter, value) => [letter, value]));
const INTERNAL_BYTES = 16;
const MAX_TABLE_NUMBER = 2 ** 32 - 1;

/** `internalId` is the 16 bytes as a latin1 string, the form in which keys travel. */
export type DecodedId = { tableNumber: number; internalId: string };

const pool = Buffer.alloc(10 * 256);
let poolAt = pool.length;

/** 16 bytes, ascending in time. Unguessable by its 80 random bits. */
export function newInternalId(nowMs: number): string {
  if (poolAt >= pool.length) {
    randomFillSync(pool);
    poolAt = 0;
  }
  const time = Buffer.allocUnsafe(6);
  time.writeUIntBE(Math.floor(nowMs), 0, 6);
  const id = time.toString("latin1") + pool.toString("latin1", poolAt, poolAt + 10);
  poolAt += 10;
  return id;
}

export function encodeId({ tableNumber, internalId }: DecodedId): string {
  const bytes = [...vint(tableNumber)];
  for (let i = 0; i < INTERNAL_BYTES; i++) bytes.push(internalId.charCodeAt(i));
  const sum = checksum(bytes);
  bytes.push(sum & 0xff, sum >> 8);
  return toBase32(bytes);
}

/** The same ids come again and again, in arguments, references and patches: decoding one costs more than finding it. */
const decoded = new Map<string, DecodedId | null>();
const MAX_DECODED = 50_000;

/** Null when the text is no id: wrong letters, length, checksum or a second spelling of the same id. */
export function decodeId(text: string): DecodedId | null {
  let id = decoded.get(text);
  if (id === undefined) {
    id = decodeText(text);
    if (decoded.size >= MAX_DECODED) decoded.clear();
    if (text.length <= 37) decoded.set(text, id);
  }
  return id;
}

function decodeText(text: string): DecodedId | null {
  if (text.length < 31 || text.length > 37) return null;
  const bytes = fromBase32(text);
  if (bytes === null || toBase32(bytes) !== text) return null;
  let tableNumber = 0;
  let at = 0;
  for (; at < 5; at++) {
    const byte = bytes[at];
    if (byte === undefined || (byte === 0 && at > 0)) return null;
    tableNumber += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) break;
  }
  at++;
  if (tableNumber > MAX_TABLE_NUMBER) return null;
  if (bytes.length !== at + INTERNAL_BYTES + 2) return null;
  const sum = checksum(bytes.slice(0, at + INTERNAL_BYTES));
  if (bytes[at + 16] !== (sum & 0xff) || bytes[at + 17] !== sum >> 8) return null;
  return { tableNumber, internalId: String.fromCharCode(...bytes.slice(at, at + INTERNAL_BYTES)) };
}

function vint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** Fletcher-16 over bytes modulo 256. */
function checksum(bytes: number[]): number {
  let low = 0;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) & 0xff;
    high = (high + low) & 0xff;
  }
  return (high << 8) | low;
}

function toBase32(bytes: number[]): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) text += ALPHABET[(held << (5 - bits)) & 31];
  return text;
}

function fromBase32(text: string): number[] | null {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    const value = VALUE_OF.get(letter);
    if (value === undefined) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
      held &= (1 << bits) - 1;
    }
  }
  return bytes;
}
