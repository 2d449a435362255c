import { useMemo } from "react";
import { timeZones } from "@/lib/calendar.ts";
import { SelectField } from "./Select.tsx";

/** One of the time zones that this browser knows; the reader's own stands first. */
export function TimeZoneField({
  label,
  timeZone,
  onChange,
}: {
  label: string;
  timeZone: string;
  onChange: (timeZone: string) => void;
}) {
  const options = useMemo(
    () => timeZones(timeZone).map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") })),
    [timeZone],
  );
  return <SelectField label={label} value={timeZone} options={options} onChange={onChange} />;
}
