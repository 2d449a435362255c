/** Makes a sentence of an audit event: who did what to which thing, and what it was before. */
import { type AuditEvent } from "@/lib/backend.ts";
import { clockOf, weekdayList } from "@/lib/calendar.ts";
import { formatDuration, formatStamp } from "@/lib/format.ts";
import { auditReferences } from "./references.ts";
import { type Texts } from "@/texts/texts.ts";

export type Deed = "added" | "changed" | "removed" | "did";

/** What happened to the row: a change from nothing to something adds it. */
export function deedOf({ changes }: AuditEvent): Deed {
  if (changes.length === 0) return "did";
  if (changes.every(({ from }) => from === null) && isWhole(changes)) return "added";
  if (changes.every(({ to }) => to === null) && isWhole(changes)) return "removed";
  return "changed";
}

/** What it was done to, by name; null for what has none, such as the clean-up. */
export function subjectOf(event: AuditEvent, texts: Texts["audit"]): string | null {
  return event.subjectName || (texts.unnamed[event.subjectKind] ?? null);
}

/** The words before and after the name of the thing. */
export function phraseOf(event: AuditEvent, texts: Texts["audit"]): readonly [string, string] {
  const { action, subjectKind } = event;
  const isAboutItself = action.startsWith(`${subjectKind}.`) || deedOf(event) === "did";
  const special =
    texts.actions[`${action} ${subjectKind}`] ??
    (isAboutItself ? texts.actions[action] : undefined);
  return special ?? texts.deeds[deedOf(event)](texts.kinds[subjectKind] ?? subjectKind);
}

/** The values to show: not those that refer to other rows by ids that nobody knows. */
export function shownChanges({ changes }: AuditEvent): AuditEvent["changes"] {
  return changes.filter(({ field }) => !auditReferences.has(field));
}

export function fieldName(field: string, texts: Texts["audit"]): string {
  return texts.fields[field] ?? field;
}

/** A stored value as people write it: durations and moments are numbers in the log. */
export function valueText(field: string, value: string | null, texts: Texts["audit"]): string {
  if (value === null) return texts.nothing;
  if (value === "(hidden)") return texts.hidden;
  const role = field === "role" ? texts.roles[value] : undefined;
  return role ?? plainText(field, parsed(value), texts);
}

/** Whatever was stored: a word, a number with a meaning, a list, or fields of their own. */
function plainText(field: string, value: unknown, texts: Texts["audit"]): string {
  if (Array.isArray(value)) {
    if (field === "days") return weekdayList(value.filter((day) => typeof day === "number"));
    return value.map((item: unknown) => plainText(field, item, texts)).join(", ");
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, inner]) => `${fieldName(name, texts)} ${plainText(name, inner, texts)}`)
      .join(", ");
  }
  const text = String(value);
  if (wordFields.has(field)) return texts.values[text] ?? text;
  if (/^(is|retry)[A-Z]/.test(field)) return text === "true" ? texts.yes : texts.no;
  return /^\d+$/.test(text) ? numberText(field, Number(text)) : text;
}

/** Fields that hold one of the server's own words. What people wrote is left as they wrote it. */
const wordFields: ReadonlySet<string> = new Set(["access", "events", "kind", "shelf"]);

/** A number means something by its field; else it stays as it is, which may be a name. */
function numberText(field: string, value: number): string {
  if (field.endsWith("Ms")) return formatDuration(value);
  if (field.endsWith("Minute")) return clockOf(value);
  const isMoment = /(At|Until|From|Since)$|^(from|to|until)$/.test(field);
  return isMoment ? formatStamp(value) : String(value);
}

function parsed(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** More than one field, or one that names the thing: a change of a single value is a change. */
function isWhole(changes: AuditEvent["changes"]): boolean {
  const names = new Set(changes.map(({ field }) => field));
  return names.has("name") || names.has("userId") || names.size > 2;
}
