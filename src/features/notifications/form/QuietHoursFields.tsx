import { TextField } from "@/components/ui/Field.tsx";
import { Switch } from "@/components/ui/Switch.tsx";
import { TimeZoneField } from "@/components/ui/TimeZoneField.tsx";
import { Weekdays } from "@/components/ui/Weekdays.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { clockOf, minuteOf, ownTimeZone, weekdays } from "@/lib/calendar.ts";
import { type Preferences } from "./draft.ts";

type QuietHours = NonNullable<Preferences["quietHours"]>;

const EVENING_MINUTE = 22 * 60;
const MORNING_MINUTE = 7 * 60;

/** When messages wait until the morning. */
export function QuietHoursFields({
  quietHours,
  onChange,
}: {
  quietHours: Preferences["quietHours"];
  onChange: (quietHours: Preferences["quietHours"]) => void;
}) {
  const { notifications } = useTexts();
  const texts = notifications.preferences;
  return (
    <div className="grid gap-4">
      <Switch
        label={texts.quiet}
        hint={texts.quietHint}
        isOn={quietHours !== null}
        onChange={(isOn) => onChange(isOn ? usual() : null)}
      />
      {quietHours !== null && (
        <div className="grid gap-4 rounded-md border border-line bg-sunken/60 p-3">
          <Times quietHours={quietHours} onChange={onChange} />
        </div>
      )}
    </div>
  );
}

function Times({
  quietHours,
  onChange,
}: {
  quietHours: QuietHours;
  onChange: (quietHours: QuietHours) => void;
}) {
  const { notifications } = useTexts();
  const texts = notifications.preferences;
  const { days, ...hours } = quietHours;
  const setClock = (name: "fromMinute" | "toMinute") => (event: { target: { value: string } }) => {
    const minute = minuteOf(event.target.value);
    if (minute !== null) onChange({ ...quietHours, [name]: minute });
  };
  return (
    <>
      <div className="grid grid-cols-2 gap-4 sm:grid-cols-[7rem_7rem_minmax(0,1fr)]">
        <TextField
          label={texts.from}
          type="time"
          value={clockOf(hours.fromMinute)}
          onChange={setClock("fromMinute")}
        />
        <TextField
          label={texts.to}
          type="time"
          value={clockOf(hours.toMinute)}
          onChange={setClock("toMinute")}
        />
        <div className="col-span-2 sm:col-span-1">
          <TimeZoneField
            label={texts.timeZone}
            timeZone={hours.timeZone}
            onChange={(timeZone) => onChange({ ...quietHours, timeZone })}
          />
        </div>
      </div>
      <Weekdays
        label={texts.days}
        days={days ?? weekdays}
        onChange={(chosen) => {
          // All days, as the server has it, are none named; no day at all would be no quiet hours.
          if (chosen.length === weekdays.length) onChange(hours);
          else if (chosen.length > 0) onChange({ ...hours, days: chosen });
        }}
      />
    </>
  );
}

function usual(): QuietHours {
  return { timeZone: ownTimeZone(), fromMinute: EVENING_MINUTE, toMinute: MORNING_MINUTE };
}
