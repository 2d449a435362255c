/** Makes a sentence of an audit event: who did what to which thing, and what it was before. */
import { type AuditEvent } from "@/lib/backend.ts";
import { formatDuration, formatStamp } from "@/lib/format.ts";
import { type Texts } from "@/texts/texts.ts";

export type Deed = "added" | "changed" | "removed" | "did";

/** What happened to the row: a change from nothing to something adds it. */
export function deedOf({ changes }: AuditEvent): Deed {
  if (changes.length === 0) return "did";
  if (changes.every(({ from }) => from === null) && isWhole(changes)) return "added";
  if (changes.every(({ to }) => to === null) && isWhole(changes)) return "removed";
  return "changed";
}

/** The words before and after the name of the thing. */
export function phraseOf(event: AuditEvent, texts: Texts["audit"]): readonly [string, string] {
  const special = texts.actions[event.action];
  const isAboutItself = event.action.startsWith(`${event.subjectKind}.`);
  if (special !== undefined && (isAboutItself || deedOf(event) === "did")) return special;
  const kind = texts.kinds[event.subjectKind] ?? event.subjectKind;
  return texts.deeds[deedOf(event)](kind);
}

export function fieldName(field: string, texts: Texts["audit"]): string {
  return texts.fields[field] ?? field;
}

/** A stored value as people write it: durations and moments are numbers in the log. */
export function valueText(field: string, value: string | null, texts: Texts["audit"]): string {
  if (value === null) return texts.nothing;
  const number = Number(value);
  if (value !== "" && Number.isFinite(number)) {
    if (field.endsWith("Ms")) return formatDuration(number);
    if (/At$|^(from|to|until|startsAt|endsAt)$/.test(field)) return formatStamp(number);
  }
  if (value === "(hidden)") return texts.hidden;
  const role = field === "role" ? texts.roles[value] : undefined;
  return role ?? listText(value);
}

/** More than one field, or one that names the thing: a change of a single value is a change. */
function isWhole(changes: AuditEvent["changes"]): boolean {
  const names = new Set(changes.map(({ field }) => field));
  return names.has("name") || names.has("userId") || names.size > 2;
}

function listText(value: string): string {
  if (!value.startsWith("[")) return value;
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) && list.every((item) => typeof item === "string")
      ? list.join(", ")
      : value;
  } catch {
    return value;
  }
}
