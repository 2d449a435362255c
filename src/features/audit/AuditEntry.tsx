import { ArrowRight, Bot, KeyRound, type LucideIcon, User } from "lucide-react";
import { Age } from "@/components/ui/Age.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { type AuditEvent } from "@/lib/backend.ts";
import { deedOf, fieldName, phraseOf, shownChanges, subjectOf, valueText } from "./sentence.ts";

/** More values than this are folded away: a new machine has a dozen. */
const SHOWN_CHANGES = 3;

const actorIcons: Record<AuditEvent["actorKind"], LucideIcon> = {
  person: User,
  apiKey: KeyRound,
  enrolmentKey: KeyRound,
  system: Bot,
};

/** One change as a sentence, with what each value was and is. */
export function AuditEntry({ event, onOnlyThis }: { event: AuditEvent; onOnlyThis: () => void }) {
  const { audit: texts } = useTexts();
  const [before, after] = phraseOf(event, texts);
  const Icon = actorIcons[event.actorKind];
  const name = subjectOf(event, texts);
  return (
    <li className="grid grid-cols-[1.25rem_1fr] gap-x-2.5 px-4 py-2.5 text-sm sm:grid-cols-[1.25rem_1fr_auto]">
      <Icon aria-hidden="true" className="mt-0.5 size-4 text-ink-faint" />
      <div className="min-w-0">
        <p className="break-words" title={event.action}>
          <span className="font-medium">{event.actorName}</span>
          {event.actorKind === "apiKey" && (
            <span className="text-xs text-ink-faint"> ({texts.byKey})</span>
          )}{" "}
          <span className="text-ink-soft">{before}</span>
          {name !== null && (
            <button
              type="button"
              onClick={onOnlyThis}
              title={texts.onlyThis(name)}
              className="rounded-sm text-left font-medium text-ink underline decoration-line-strong underline-offset-2 hover:decoration-current"
            >
              {name}
            </button>
          )}
          <span className="text-ink-soft">{after}</span>
        </p>
        <Changes event={event} />
      </div>
      <p className="col-start-2 text-xs whitespace-nowrap text-ink-faint sm:col-start-3 sm:text-right">
        <Age at={event.at} />
      </p>
    </li>
  );
}

function Changes({ event }: { event: AuditEvent }) {
  const { audit: texts } = useTexts();
  const changes = shownChanges(event);
  if (changes.length === 0) return null;
  // What was added or removed has no other half to compare.
  const isWhole = deedOf(event) !== "changed";
  const list = (
    <ul className="mt-1 grid gap-0.5 text-xs">
      {changes.map(({ field, from, to }) => (
        <li key={field} className="flex flex-wrap items-center gap-x-1.5 break-all">
          <span className="text-ink-faint">{fieldName(field, texts)}</span>
          {(!isWhole || from !== null) && (
            <span className={isWhole ? "text-ink-soft" : "text-ink-faint line-through"}>
              {valueText(field, from, texts)}
            </span>
          )}
          {!isWhole && (
            <ArrowRight role="img" aria-label={texts.arrow} className="size-3 text-ink-faint" />
          )}
          {(!isWhole || to !== null) && (
            <span className="text-ink-soft">{valueText(field, to, texts)}</span>
          )}
        </li>
      ))}
    </ul>
  );
  if (changes.length <= SHOWN_CHANGES && !isWhole) return list;
  return (
    <details className="mt-0.5">
      <summary className="w-fit cursor-pointer rounded-sm text-xs text-ink-faint hover:text-ink">
        {texts.showChanges(changes.length)}
      </summary>
      {list}
    </details>
  );
}
