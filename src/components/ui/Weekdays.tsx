import { useTexts } from "@/hooks/useTexts.ts";
import { weekdayName, weekdays } from "@/lib/calendar.ts";
import { cn } from "@/lib/cn.ts";

/** Days of the week, each on or off; Monday first. 0 is Sunday. */
export function Weekdays({
  label,
  days,
  onChange,
}: {
  label: string;
  days: readonly number[];
  onChange: (days: number[]) => void;
}) {
  // Days are named in the language of the page: this follows it.
  useTexts();
  const toggle = (day: number) =>
    onChange(
      weekdays.filter((other) => (other === day ? !days.includes(day) : days.includes(other))),
    );
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium text-ink">{label}</legend>
      <div className="flex flex-wrap gap-1">
        {weekdays.map((day) => {
          const isOn = days.includes(day);
          return (
            <button
              key={day}
              type="button"
              aria-pressed={isOn}
              aria-label={weekdayName(day)}
              onClick={() => toggle(day)}
              className={cn(
                "h-8 min-w-11 rounded-md border px-2 text-sm font-medium transition-colors duration-100",
                isOn
                  ? "border-transparent bg-accent text-on-accent hover:bg-accent-hover"
                  : "border-line-strong/70 bg-surface text-ink-soft hover:bg-sunken hover:text-ink",
              )}
            >
              {weekdayName(day, "short")}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}
