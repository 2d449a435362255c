/** The filter of the audit log, kept in the address: it can be sent to somebody, and "back" takes it off. */
import { parseDay } from "./days.ts";

export interface AuditFilter {
  actorId: string;
  action: string;
  subjectId: string;
  /** Days as fields write them, "2026-10-02", in the reader's time zone; both included. */
  from: string;
  to: string;
}

const fields = ["actorId", "action", "subjectId", "from", "to"] as const;

export function filterFrom(params: URLSearchParams): AuditFilter {
  const read = (field: keyof AuditFilter) => params.get(field) ?? "";
  return {
    actorId: read("actorId"),
    action: read("action"),
    subjectId: read("subjectId"),
    from: read("from"),
    to: read("to"),
  };
}

export function paramsOf(filter: AuditFilter): Record<string, string> {
  return Object.fromEntries(
    fields.filter((field) => filter[field] !== "").map((field) => [field, filter[field]]),
  );
}

export function isFiltered(filter: AuditFilter): boolean {
  return fields.some((field) => filter[field] !== "");
}

/** What the server is asked for. Days that are none count as not given. */
export function argumentsOf({ from, to, ...ids }: AuditFilter) {
  const start = parseDay(from);
  const end = parseDay(to);
  return {
    ...Object.fromEntries(Object.entries(ids).filter(([, value]) => value !== "")),
    ...(start !== null && { from: start.from }),
    ...(end !== null && { to: end.to }),
  } as { actorId?: string; action?: string; subjectId?: string; from?: number; to?: number };
}
