import { TextField } from "@/components/ui/Field.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { SelectField } from "@/components/ui/Select.tsx";
import { TimeZoneField } from "@/components/ui/TimeZoneField.tsx";
import { Weekdays } from "@/components/ui/Weekdays.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { clockOf, minuteOf } from "@/lib/calendar.ts";
import { formatDuration } from "@/lib/format.ts";
import { DAY, HOUR, MINUTE } from "../../../core/time.ts";
import { type Draft, type Problems } from "./draft.ts";

const durations = [
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  4 * HOUR,
  6 * HOUR,
  8 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
];

/** When a window is: once from then to then, or every week on some days. */
export function ScheduleFields({
  draft,
  problems,
  onChange,
}: {
  draft: Draft;
  problems: Problems;
  onChange: (draft: Draft) => void;
}) {
  const { maintenance } = useTexts();
  const texts = maintenance.form;
  const options = [...new Set([...durations, draft.durationMs])].sort((a, b) => a - b);
  return (
    <>
      <div className="grid gap-1.5">
        <p className="text-sm font-medium text-ink">{texts.repeats}</p>
        <Segmented
          label={texts.repeats}
          value={draft.kind}
          options={[
            { value: "once", label: maintenance.once },
            { value: "weekly", label: maintenance.weekly },
          ]}
          onChange={(kind) => onChange({ ...draft, kind })}
        />
      </div>
      {draft.kind === "once" ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={texts.starts}
            type="datetime-local"
            value={draft.startsAt}
            onChange={(event) => onChange({ ...draft, startsAt: event.target.value })}
          />
          <TextField
            label={texts.ends}
            type="datetime-local"
            value={draft.endsAt}
            error={problems.times ?? null}
            onChange={(event) => onChange({ ...draft, endsAt: event.target.value })}
          />
        </div>
      ) : (
        <>
          <Weekdays
            label={texts.days}
            days={draft.days}
            onChange={(days) => onChange({ ...draft, days })}
          />
          {problems.days !== undefined && (
            <p role="alert" className="-mt-2 text-xs font-medium text-offline">
              {problems.days}
            </p>
          )}
          <div className="grid grid-cols-2 gap-4 sm:grid-cols-[7rem_9rem_minmax(0,1fr)]">
            <TextField
              label={texts.at}
              type="time"
              value={clockOf(draft.startMinute)}
              onChange={(event) => {
                const startMinute = minuteOf(event.target.value);
                if (startMinute !== null) onChange({ ...draft, startMinute });
              }}
            />
            <SelectField
              label={texts.duration}
              value={String(draft.durationMs)}
              options={options.map((ms) => ({ value: String(ms), label: formatDuration(ms) }))}
              onChange={(value) => onChange({ ...draft, durationMs: Number(value) })}
            />
            <div className="col-span-2 sm:col-span-1">
              <TimeZoneField
                label={texts.timeZone}
                timeZone={draft.timeZone}
                onChange={(timeZone) => onChange({ ...draft, timeZone })}
              />
            </div>
          </div>
        </>
      )}
    </>
  );
}
