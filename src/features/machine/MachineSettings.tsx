import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { TextArea, TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type MachineDetails } from "@/lib/backend.ts";
import { fieldOf, messageOf } from "@/lib/errors.ts";
import { formatDurationInput } from "@/lib/format.ts";
import { type SettingsDraft, changesOf, problemsOf } from "./settingsDraft.ts";

/** Name, description, tags and thresholds. Sends only what was changed. */
export function MachineSettings({ machine }: { machine: MachineDetails }) {
  const texts = useTexts().machine.settings;
  const [draft, setDraft] = useState<SettingsDraft | null>(null);
  const [isChecked, setIsChecked] = useState(false);
  const { call, isPending, error, reset } = useCall(api.machines.update);

  const stored = draftOf(machine);
  const shown = draft ?? stored;
  const problems = isChecked ? problemsOf(shown) : {};
  const serverField = fieldOf(error);
  const fields = (name: keyof SettingsDraft) => ({
    value: shown[name],
    error: problems[name] ?? (serverField === name ? messageOf(error) : null),
    onChange: (event: { target: { value: string } }) =>
      setDraft({ ...shown, [name]: event.target.value }),
  });
  const discard = () => {
    setDraft(null);
    setIsChecked(false);
    reset();
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (isPending || Object.keys(problemsOf(shown)).length > 0) return;
    try {
      await call({ machineId: machine.machineId, ...changesOf(shown, stored) });
      discard();
      toast.success(texts.saved);
    } catch {
      // Shown below from the call's error.
    }
  };

  return (
    <Card title={texts.title}>
      <form noValidate onSubmit={(event) => void submit(event)}>
        <div className="grid gap-4 px-4 py-4">
          <TextField label={texts.name} autoComplete="off" {...fields("name")} />
          <TextArea label={texts.description} isOptional {...fields("description")} />
          <TextField
            label={texts.tags}
            isOptional
            autoComplete="off"
            hint={texts.tagsHint}
            {...fields("tags")}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label={texts.interval}
              autoComplete="off"
              hint={texts.intervalHint}
              {...fields("heartbeatIntervalMs")}
            />
            <TextField
              label={texts.threshold}
              autoComplete="off"
              hint={texts.thresholdHint}
              {...fields("offlineThresholdMs")}
            />
          </div>
          {error !== null && serverField === null && (
            <Notice kind="error">{messageOf(error)}</Notice>
          )}
        </div>
        <footer className="flex justify-end gap-2 border-t border-line bg-sunken/60 px-4 py-2.5">
          <Button variant="ghost" disabled={draft === null} onClick={discard}>
            {texts.discard}
          </Button>
          <Button type="submit" variant="primary" disabled={draft === null} isPending={isPending}>
            {texts.save}
          </Button>
        </footer>
      </form>
    </Card>
  );
}

function draftOf(machine: MachineDetails): SettingsDraft {
  return {
    name: machine.name,
    description: machine.description,
    tags: machine.tags.join(", "),
    heartbeatIntervalMs: formatDurationInput(machine.heartbeatIntervalMs),
    offlineThresholdMs: formatDurationInput(machine.offlineThresholdMs),
  };
}
