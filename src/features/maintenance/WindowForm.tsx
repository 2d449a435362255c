import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { clock } from "@/lib/clock.ts";
import { messageOf } from "@/lib/errors.ts";
import { formatMoment } from "@/lib/moments.ts";
import { MINUTE } from "../../../core/time.ts";
import {
  type Draft,
  draftOf,
  emptyDraft,
  type MaintenanceWindow,
  problemsOf,
  scheduleOf,
  targetOf,
} from "./draft.ts";
import { Occurrences } from "./Occurrences.tsx";
import { ScheduleFields } from "./ScheduleFields.tsx";
import { TargetFields } from "./TargetFields.tsx";

/** A window being planned or changed, with a picture of what that means. */
export function WindowForm({
  window,
  onDone,
}: {
  window: MaintenanceWindow | null;
  onDone: () => void;
}) {
  const { maintenance: texts } = useTexts();
  const [draft, setDraft] = useState<Draft>(() =>
    window === null ? emptyDraft(clock.now()) : draftOf(window, clock.now()),
  );
  const [isChecked, setIsChecked] = useState(false);
  const create = useCall(api.maintenance.create);
  const update = useCall(api.maintenance.update);
  const error = create.error ?? update.error;
  const problems = isChecked ? problemsOf(texts, draft) : {};

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    const schedule = scheduleOf(draft);
    const isUsable = Object.keys(problemsOf(texts, draft)).length === 0;
    if (schedule === null || !isUsable || create.isPending || update.isPending) return;
    const name = draft.name.trim();
    const fields = { name, schedule, ...targetOf(draft) };
    try {
      if (window === null) await create.call(fields);
      else await update.call({ windowId: window.windowId, ...fields });
      toast.success(texts.form.saved(name));
      onDone();
    } catch {
      // Shown below from the call's error.
    }
  };

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
      <DialogBody className="grid gap-4">
        <TextField
          label={texts.form.name}
          placeholder={texts.form.namePlaceholder}
          value={draft.name}
          error={problems.name ?? null}
          autoComplete="off"
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        <ScheduleFields draft={draft} problems={problems} onChange={setDraft} />
        <TargetFields draft={draft} problem={problems.target ?? null} onChange={setDraft} />
        <Preview draft={draft} />
        {error !== null && <Notice kind="error">{messageOf(error)}</Notice>}
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onDone}>
          {texts.form.cancel}
        </Button>
        <Button type="submit" variant="primary" isPending={create.isPending || update.isPending}>
          {window === null ? texts.form.create : texts.form.save}
        </Button>
      </DialogFooter>
    </form>
  );
}

/** Whom it would be for and when, before it is saved. */
function Preview({ draft }: { draft: Draft }) {
  const { maintenance: texts, format } = useTexts();
  const now = useNowSelect((time) => Math.floor(time / MINUTE) * MINUTE);
  const schedule = scheduleOf(draft);
  const isUsable = Object.keys(problemsOf(texts, { ...draft, name: "-" })).length === 0;
  const { data } = useLiveQuery(
    api.maintenance.preview,
    schedule === null || !isUsable ? "skip" : { ...targetOf(draft), schedule, at: now },
  );
  if (schedule === null || !isUsable) return null;
  return (
    <div className="grid gap-2 rounded-md border border-line p-3">
      <Occurrences schedule={schedule} now={now} />
      <p role="status" className="text-sm text-ink-soft">
        {data === undefined
          ? "…"
          : data.nextStart === null
            ? texts.form.previewNever(format.machines(data.machines))
            : texts.form.preview(format.machines(data.machines), formatMoment(data.nextStart, now))}
      </p>
    </div>
  );
}
