import { CalendarClock, Pencil, Plus, Trash2, Wrench } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { PageHeader } from "@/components/layout/PageHeader.tsx";
import { Badge } from "@/components/ui/Badge.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Dialog } from "@/components/ui/Dialog.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { type MachineChoice, useMachineChoices } from "@/hooks/useMachineChoices.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { clockOf, weekdayList } from "@/lib/calendar.ts";
import { messageOf } from "@/lib/errors.ts";
import { formatDuration } from "@/lib/format.ts";
import { formatMoment } from "@/lib/moments.ts";
import { type Texts } from "@/texts/texts.ts";
import { activeUntil, nextStart } from "../../../core/maintenance.ts";
import { MINUTE } from "../../../core/time.ts";
import { type MaintenanceWindow } from "./draft.ts";
import { Occurrences } from "./Occurrences.tsx";
import { WindowForm } from "./WindowForm.tsx";

/** Planned silence: windows that are active, to come, or over. */
export function Maintenance({ canEdit, onRetry }: { canEdit: boolean; onRetry: () => void }) {
  const { maintenance: texts } = useTexts();
  const { data: windows, error } = useLiveQuery(api.maintenance.list, {});
  const [subject, setSubject] = useState<MaintenanceWindow | "new" | null>(null);
  const add = canEdit && (
    <Button variant="primary" icon={<Plus />} onClick={() => setSubject("new")}>
      {texts.add}
    </Button>
  );
  const content = () => {
    if (error !== null) return <ErrorView title={texts.failed} error={error} onRetry={onRetry} />;
    if (windows === undefined) return <LoadingRows label={texts.loading} count={3} />;
    if (windows.length === 0) {
      return (
        <EmptyView icon={<CalendarClock />} title={texts.none} action={add}>
          {texts.noneLead}
        </EmptyView>
      );
    }
    return <WindowList windows={windows} onEdit={canEdit ? setSubject : null} />;
  };
  return (
    <>
      <PageHeader
        title={texts.title}
        lead={texts.lead}
        {...(windows !== undefined && windows.length > 0 && { action: add })}
      />
      <div className="rounded-lg border border-line bg-surface shadow-card">{content()}</div>
      <Dialog
        isOpen={subject !== null}
        onOpenChange={(open) => !open && setSubject(null)}
        title={
          subject === null || subject === "new"
            ? texts.form.addTitle
            : texts.form.editTitle(subject.name)
        }
        size="lg"
      >
        {subject !== null && (
          <WindowForm window={subject === "new" ? null : subject} onDone={() => setSubject(null)} />
        )}
      </Dialog>
    </>
  );
}

/** Active ones first, then by when they begin next; what is over comes last. */
function WindowList({
  windows,
  onEdit,
}: {
  windows: MaintenanceWindow[];
  onEdit: ((window: MaintenanceWindow) => void) | null;
}) {
  const { maintenance: texts } = useTexts();
  const now = useNowSelect((time) => Math.floor(time / MINUTE) * MINUTE);
  const machines = useMachineChoices();
  const rank = ({ schedule }: MaintenanceWindow) =>
    activeUntil(schedule, now) === null ? (nextStart(schedule, now) ?? Infinity) : 0;
  const sorted = windows.toSorted((left, right) => {
    const [first, second] = [rank(left), rank(right)];
    return first === second ? 0 : first - second;
  });
  return (
    <ul aria-label={texts.list} className="divide-y divide-line">
      {sorted.map((window) => (
        <WindowRow
          key={window.windowId}
          window={window}
          now={now}
          machines={machines}
          onEdit={onEdit}
        />
      ))}
    </ul>
  );
}

function WindowRow({
  window,
  now,
  machines,
  onEdit,
}: {
  window: MaintenanceWindow;
  now: number;
  machines: readonly MachineChoice[];
  onEdit: ((window: MaintenanceWindow) => void) | null;
}) {
  const { maintenance: texts } = useTexts();
  const { name, schedule } = window;
  const until = activeUntil(schedule, now);
  const next = nextStart(schedule, now);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-3 gap-y-2 px-4 py-3 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)_auto] lg:items-center lg:gap-x-6">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium break-words">{name}</span>
          {until !== null ? (
            <Badge tone="accent">
              <Wrench aria-hidden="true" />
              {texts.activeUntil(formatMoment(until, now))}
            </Badge>
          ) : (
            <Badge>{next === null ? texts.over : texts.next(formatMoment(next, now))}</Badge>
          )}
        </p>
        <p className="mt-0.5 text-sm text-ink-soft">{scheduleText(texts, window, now)}</p>
        <p className="truncate text-xs text-ink-faint">{targetText(texts, window, machines)}</p>
      </div>
      <div className="order-last col-span-2 lg:order-none lg:col-span-1">
        <Occurrences schedule={schedule} now={now} />
      </div>
      {onEdit !== null && <RowActions window={window} onEdit={() => onEdit(window)} />}
    </li>
  );
}

function RowActions({ window, onEdit }: { window: MaintenanceWindow; onEdit: () => void }) {
  const { maintenance: texts } = useTexts();
  const { call: remove, isPending } = useCall(api.maintenance.remove);
  const { call: create } = useCall(api.maintenance.create);
  const { windowId, ...fields } = window;
  const { name } = window;
  const fail = (error: unknown) =>
    toast.error(texts.removeFailed, { description: messageOf(error) });
  const takeAway = async () => {
    try {
      await remove({ windowId });
      const onClick = () => void create(fields).catch(fail);
      toast(texts.removed(name), { action: { label: texts.undo, onClick } });
    } catch (error) {
      fail(error);
    }
  };
  return (
    <div className="-mr-2 flex lg:mr-0">
      <IconButton label={texts.editOf(name)} onClick={onEdit}>
        <Pencil />
      </IconButton>
      <IconButton
        label={texts.removeOf(name)}
        isDanger
        disabled={isPending}
        onClick={() => void takeAway()}
      >
        <Trash2 />
      </IconButton>
    </div>
  );
}

function scheduleText(
  texts: Texts["maintenance"],
  { schedule }: MaintenanceWindow,
  now: number,
): string {
  if (schedule.kind === "once") {
    const { startsAt, endsAt } = schedule;
    return texts.scheduleOnce(formatMoment(startsAt, now), formatMoment(endsAt, now));
  }
  const { days, startMinute, durationMs, timeZone } = schedule;
  return texts.scheduleWeekly(
    weekdayList(days),
    clockOf(startMinute),
    formatDuration(durationMs),
    timeZone,
  );
}

function targetText(
  texts: Texts["maintenance"],
  { tags, machineIds }: MaintenanceWindow,
  machines: readonly MachineChoice[],
): string {
  const names = machineIds.map(
    (id) => machines.find(({ machineId }) => machineId === id)?.name ?? id,
  );
  const parts = [
    ...(tags.length > 0 ? [texts.forTags(tags.join(", "))] : []),
    ...(names.length > 0 ? [texts.forMachines(names.join(", "))] : []),
  ];
  return parts.length === 0 ? texts.forAll : parts.join(" · ");
}
