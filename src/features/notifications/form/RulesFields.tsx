import { Checkbox } from "@/components/ui/Checkbox.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { SelectField } from "@/components/ui/Select.tsx";
import { Switch } from "@/components/ui/Switch.tsx";
import { tagsOf, useMachineChoices } from "@/hooks/useMachineChoices.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { formatDuration } from "@/lib/format.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../../../core/time.ts";
import { type Draft, type Preferences, tagsIn } from "./draft.ts";
import { QuietHoursFields } from "./QuietHoursFields.tsx";

const events = ["machine.offline", "machine.online", "machine.late", "channel.failing"] as const;
const delays = [5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, DAY];
const repeats = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR, DAY];
const windows = [10 * SECOND, 20 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];

/** What a channel hears, when and how often, in plain words. */
export function RulesFields({
  draft,
  onChange,
}: {
  draft: Draft;
  onChange: (draft: Draft) => void;
}) {
  const { notifications } = useTexts();
  const texts = notifications.preferences;
  const { preferences } = draft;
  const set = (change: Partial<Preferences>) =>
    onChange({ ...draft, preferences: { ...preferences, ...change } });
  return (
    <>
      <Switch
        label={texts.on}
        hint={texts.onHint}
        isOn={!preferences.isOff}
        onChange={(isOn) => set({ isOff: !isOn })}
      />
      <fieldset className="grid gap-2">
        <legend className="mb-2 text-sm font-medium text-ink">{texts.events}</legend>
        {events.map((event) => (
          <Checkbox
            key={event}
            label={texts.eventOptions[event]}
            isChecked={preferences.events.includes(event)}
            onChange={(isChecked) =>
              set({
                events: events.filter((other) =>
                  other === event ? isChecked : preferences.events.includes(other),
                ),
              })
            }
          />
        ))}
      </fieldset>
      <TagsField tags={draft.tags} onChange={(tags) => onChange({ ...draft, tags })} />
      <div className="grid gap-4 sm:grid-cols-2">
        <DurationField
          label={texts.delay}
          valueMs={preferences.delayMs}
          options={delays}
          none={texts.delayNone}
          format={texts.delayOption}
          onChange={(delayMs) => set({ delayMs })}
        />
        <DurationField
          label={texts.repeat}
          valueMs={preferences.repeatEveryMs ?? 0}
          options={repeats}
          none={texts.repeatNone}
          format={texts.repeatOption}
          onChange={(repeatMs) => set({ repeatEveryMs: repeatMs === 0 ? null : repeatMs })}
        />
      </div>
      <QuietHoursFields
        quietHours={preferences.quietHours}
        onChange={(quietHours) => set({ quietHours })}
      />
      <DurationField
        label={texts.group}
        valueMs={preferences.groupWindowMs}
        options={windows}
        none={texts.groupNone}
        format={texts.groupOption}
        onChange={(groupWindowMs) => set({ groupWindowMs })}
      />
      <Checkbox
        label={texts.retry}
        hint={texts.retryHint}
        isChecked={preferences.retryUncertain}
        onChange={(retryUncertain) => set({ retryUncertain })}
      />
    </>
  );
}

function TagsField({ tags, onChange }: { tags: string; onChange: (tags: string) => void }) {
  const { notifications } = useTexts();
  const texts = notifications.preferences;
  const known = tagsOf(useMachineChoices());
  const chosen = tagsIn(tags);
  const others = known.filter((tag) => !chosen.includes(tag)).slice(0, 12);
  return (
    <div className="grid gap-1.5">
      <TextField
        label={texts.tags}
        hint={texts.tagsHint}
        value={tags}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      {others.length > 0 && (
        <ul aria-label={texts.tagsKnown} className="flex flex-wrap gap-1">
          {others.map((tag) => (
            <li key={tag}>
              <button
                type="button"
                onClick={() => onChange([...chosen, tag].join(", "))}
                className="rounded-sm border border-line bg-sunken px-1.5 text-xs leading-5 text-ink-soft hover:border-line-strong hover:text-ink"
              >
                + {tag}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A duration among the usual ones; a stored one that is unusual is offered as well. */
function DurationField({
  label,
  valueMs,
  options,
  none,
  format,
  onChange,
}: {
  label: string;
  valueMs: number;
  options: readonly number[];
  none: string;
  format: (duration: string) => string;
  onChange: (valueMs: number) => void;
}) {
  const all = [...new Set([0, ...options, valueMs])].sort((left, right) => left - right);
  return (
    <SelectField
      label={label}
      value={String(valueMs)}
      options={all.map((ms) => ({
        value: String(ms),
        label: ms === 0 ? none : format(formatDuration(ms)),
      }))}
      onChange={(value) => onChange(Number(value))}
    />
  );
}
