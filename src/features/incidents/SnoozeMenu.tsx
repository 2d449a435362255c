import { AlarmClock, CalendarClock } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/Menu.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { clock } from "@/lib/clock.ts";
import { formatDuration } from "@/lib/format.ts";
import { fromLocalInput, toLocalInput } from "@/lib/moments.ts";
import { DAY, HOUR, MINUTE } from "../../../core/time.ts";

const durations = [30 * MINUTE, HOUR, 4 * HOUR];
const MORNING_HOUR = 8;
const MONDAY = 1;

/** Until when reminders rest: a few usual times, and any other. */
export function SnoozeMenu({
  machineName,
  trigger,
  onSnooze,
}: {
  machineName: string;
  trigger: ReactNode;
  onSnooze: (until: number) => void;
}) {
  const { incidents: texts } = useTexts();
  const [isChoosing, setIsChoosing] = useState(false);
  return (
    <>
      <Menu trigger={trigger}>
        {durations.map((durationMs) => (
          <MenuItem
            key={durationMs}
            icon={<AlarmClock />}
            onSelect={() => onSnooze(clock.now() + durationMs)}
          >
            {texts.snoozeFor(formatDuration(durationMs))}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={() => onSnooze(morning(clock.now(), null))}>
          {texts.snoozeTomorrow}
        </MenuItem>
        <MenuItem onSelect={() => onSnooze(morning(clock.now(), MONDAY))}>
          {texts.snoozeMonday}
        </MenuItem>
        <MenuSeparator />
        <MenuItem icon={<CalendarClock />} onSelect={() => setIsChoosing(true)}>
          {texts.snoozeChoose}
        </MenuItem>
      </Menu>
      <Dialog
        isOpen={isChoosing}
        onOpenChange={setIsChoosing}
        title={texts.snoozeTitle(machineName)}
        description={texts.snoozeLead}
      >
        <SnoozeForm onSnooze={onSnooze} onClose={() => setIsChoosing(false)} />
      </Dialog>
    </>
  );
}

function SnoozeForm({
  onSnooze,
  onClose,
}: {
  onSnooze: (until: number) => void;
  onClose: () => void;
}) {
  const { incidents: texts } = useTexts();
  const [text, setText] = useState(() => toLocalInput(morning(clock.now(), null)));
  const [isChecked, setIsChecked] = useState(false);
  const until = fromLocalInput(text);
  const aheadMs = until === null ? 0 : until - clock.now();
  const isUsable = aheadMs >= MINUTE && aheadMs <= 7 * DAY;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (until === null || !isUsable) return;
    onSnooze(until);
    onClose();
  };
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <TextField
          label={texts.snoozeUntil}
          type="datetime-local"
          value={text}
          error={isChecked && !isUsable ? texts.snoozeInvalid : null}
          onChange={(event) => setText(event.target.value)}
        />
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button type="submit" variant="primary">
          {texts.snooze}
        </Button>
      </DialogFooter>
    </form>
  );
}

/** Eight o'clock of tomorrow, or of the next such weekday, in the reader's time zone. */
function morning(now: number, weekday: number | null): number {
  const date = new Date(now);
  const daysAhead = weekday === null ? 1 : ((weekday - date.getDay() + 6) % 7) + 1;
  return new Date(
    date.getFullYear(),
    date.getMonth(),
    date.getDate() + daysAhead,
    MORNING_HOUR,
  ).getTime();
}
