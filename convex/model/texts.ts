/** Checks what people type: trimmed, bounded, without characters that steer terminals. */
import { hasControlCharacters } from "../../core/agentApi.ts";
import { fail } from "./fail.ts";

const MAX_NAME_LENGTH = 100;
const MAX_DESCRIPTION_LENGTH = 500;
const MAX_TAGS = 20;
const MAX_TAG_LENGTH = 40;
const MAX_EMAIL_LENGTH = 254;
const forbiddenInLines = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

export function parseName(text: string, field = "name"): string {
  return parseText(text, { field, minLength: 1, maxLength: MAX_NAME_LENGTH });
}

/** Lines are welcome here; other control characters are not. */
export function parseDescription(text: string): string {
  const lines = text.trim().split(/\r?\n/);
  for (const line of lines) {
    parseText(line, { field: "description", minLength: 0, maxLength: MAX_DESCRIPTION_LENGTH });
  }
  const description = lines.join("\n");
  if (description.length > MAX_DESCRIPTION_LENGTH)
    refuseLength("description", 0, MAX_DESCRIPTION_LENGTH);
  return description;
}

/** What people write at length: line breaks and tabs are text, everything else that steers terminals is refused. */
export function parseLines(
  text: string,
  { field, minLength, maxLength }: { field: string; minLength: number; maxLength: number },
): string {
  const trimmed = text.trim().replaceAll("\r\n", "\n");
  if (trimmed.length < minLength || trimmed.length > maxLength) {
    refuseLength(field, minLength, maxLength);
  }
  if (forbiddenInLines.test(trimmed)) {
    fail({ kind: "invalid", field, message: `${field} must not contain control characters.` });
  }
  return trimmed;
}

/** Each tag once, in the order given. */
export function parseTags(tags: string[]): string[] {
  const parsed = tags.map((tag) =>
    parseText(tag, { field: "tags", minLength: 1, maxLength: MAX_TAG_LENGTH }),
  );
  if (parsed.length > MAX_TAGS) {
    fail({ kind: "invalid", field: "tags", message: `Use at most ${MAX_TAGS} tags.` });
  }
  return [...new Set(parsed)];
}

/** An e-mail address, trimmed and in lower case: people write theirs as they like. */
export function parseEmail(text: string): string {
  const email = text.trim().toLowerCase();
  if (email.length > MAX_EMAIL_LENGTH || !/^[^\s@]+@[^\s@]+$/.test(email)) {
    fail({ kind: "invalid", field: "email", message: "Enter an address like name@example.com." });
  }
  return email;
}

/** A whole number of milliseconds within limits. */
export function parseDuration(
  durationMs: number,
  { field, min, max }: { field: string; min: number; max: number },
): number {
  if (!Number.isInteger(durationMs) || durationMs < min || durationMs > max) {
    fail({
      kind: "invalid",
      field,
      message: `${field} must be a whole number from ${min} to ${max} milliseconds.`,
    });
  }
  return durationMs;
}

/** A whole number within limits. */
export function parseCount(
  count: number,
  { field, min, max }: { field: string; min: number; max: number },
): number {
  if (!Number.isInteger(count) || count < min || count > max) {
    const message = `${field} must be a whole number from ${min} to ${max}.`;
    fail({ kind: "invalid", field, message });
  }
  return count;
}

function parseText(
  text: string,
  { field, minLength, maxLength }: { field: string; minLength: number; maxLength: number },
): string {
  const trimmed = text.trim();
  if (trimmed.length < minLength || trimmed.length > maxLength) {
    refuseLength(field, minLength, maxLength);
  }
  if (hasControlCharacters(trimmed)) {
    fail({ kind: "invalid", field, message: `${field} must not contain control characters.` });
  }
  return trimmed;
}

function refuseLength(field: string, minLength: number, maxLength: number): never {
  return fail({
    kind: "invalid",
    field,
    message: `${field} must be ${minLength} to ${maxLength} characters long.`,
  });
}
