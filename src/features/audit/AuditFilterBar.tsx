import { X } from "lucide-react";
import { Button } from "@/components/ui/Button.tsx";
import { inputClass } from "@/components/ui/Field.tsx";
import { Select } from "@/components/ui/Select.tsx";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { cn } from "@/lib/cn.ts";
import { type AuditFilter } from "./auditFilter.ts";

/** Who, what and when. Which thing is chosen in the entries themselves. */
export function AuditFilterBar({
  filter,
  onFilter,
}: {
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
}) {
  const { audit: texts } = useTexts();
  const { data: members } = useLiveQuery(api.members.list, {});
  const { data: keys } = useLiveQuery(api.apiKeys.list, {});
  const people = (members ?? []).map(({ userId, name, email }) => ({
    value: userId,
    label: name || email,
  }));
  const scripts = (keys ?? []).map(({ apiKeyId, name }) => ({
    value: apiKeyId,
    label: `${name} (${texts.byKey})`,
  }));
  const actions = Object.entries(texts.actionNames).map(([value, label]) => ({ value, label }));
  return (
    <div
      role="group"
      aria-label={texts.filter}
      className="grid grid-cols-2 items-end gap-2 border-b sm:flex sm:flex-wrap border-line bg-sunken/40 px-4 py-2.5"
    >
      <div className="min-w-0 sm:min-w-36 sm:max-w-52 sm:flex-1">
        <Select
          label={texts.who}
          value={filter.actorId}
          options={[
            { value: "", label: texts.anybody },
            ...withValue([...people, ...scripts], filter.actorId),
          ]}
          onChange={(actorId) => onFilter({ ...filter, actorId })}
        />
      </div>
      <div className="min-w-0 sm:min-w-36 sm:max-w-60 sm:flex-1">
        <Select
          label={texts.what}
          value={filter.action}
          options={[{ value: "", label: texts.anything }, ...withValue(actions, filter.action)]}
          onChange={(action) => onFilter({ ...filter, action })}
        />
      </div>
      <Day
        label={texts.from}
        value={filter.from}
        onChange={(from) => onFilter({ ...filter, from })}
      />
      <Day label={texts.to} value={filter.to} onChange={(to) => onFilter({ ...filter, to })} />
      {filter.subjectId !== "" && (
        <Button icon={<X />} onClick={() => onFilter({ ...filter, subjectId: "" })}>
          {texts.only(filter.subjectId)}
        </Button>
      )}
    </div>
  );
}

function Day({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (day: string) => void;
}) {
  return (
    <label className="grid gap-1 text-xs text-ink-faint sm:flex sm:items-center sm:gap-1.5">
      {label}
      <span className="min-w-0 sm:w-36">
        <input
          type="date"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={cn(inputClass, "h-8 px-2 text-sm")}
        />
      </span>
    </label>
  );
}

/** What the address names stays chosen, also when the list does not know it (any more). */
function withValue(options: { value: string; label: string }[], value: string) {
  const isKnown = value === "" || options.some((option) => option.value === value);
  return isKnown ? options : [...options, { value, label: value }];
}
