import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Fact, Facts } from "@/components/ui/Facts.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { fieldOf, messageOf } from "@/lib/errors.ts";
import { formatDurationInput } from "@/lib/format.ts";
import { parseDurationMs } from "../../../core/durations.ts";

const names = ["heartbeatIntervalMs", "offlineThresholdMs"] as const;
type Name = (typeof names)[number];
/** Milliseconds; null leaves it to the installation. */
type Defaults = Record<Name, number | null>;

/** The timing that machines start with where whoever adds them says nothing. */
export function DefaultsCard({ canChange, onRetry }: { canChange: boolean; onRetry: () => void }) {
  const { workspace } = useTexts();
  const texts = workspace.defaults;
  const { data: defaults, error } = useLiveQuery(api.workspaces.defaults, {});
  const content = () => {
    if (error !== null) return <ErrorView title={texts.failed} error={error} onRetry={onRetry} />;
    if (defaults === undefined) return <LoadingRows label={texts.title} count={1} />;
    if (canChange) return <DefaultsForm key={JSON.stringify(defaults)} defaults={defaults} />;
    return (
      <Facts>
        {names.map((name) => (
          <Fact key={name} label={texts[name]}>
            {inputOf(defaults[name]) || texts.ofInstallation}
          </Fact>
        ))}
      </Facts>
    );
  };
  return (
    <Card title={texts.title} description={texts.detail}>
      {content()}
    </Card>
  );
}

function DefaultsForm({ defaults }: { defaults: Defaults }) {
  const { workspace, common } = useTexts();
  const texts = workspace.defaults;
  const { call, isPending, error } = useCall(api.workspaces.setDefaults);
  const stored = {
    heartbeatIntervalMs: inputOf(defaults.heartbeatIntervalMs),
    offlineThresholdMs: inputOf(defaults.offlineThresholdMs),
  };
  const [draft, setDraft] = useState(stored);
  const wrong = names.filter((name) => readInput(draft[name]) === undefined);
  const isSame = names.every((name) => draft[name].trim() === stored[name]);
  const serverField = fieldOf(error);
  const isFieldError = names.some((name) => name === serverField);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isPending || isSame || wrong.length > 0) return;
    try {
      await call({
        heartbeatIntervalMs: readInput(draft.heartbeatIntervalMs) ?? null,
        offlineThresholdMs: readInput(draft.offlineThresholdMs) ?? null,
      });
      toast.success(texts.saved);
    } catch {
      // Shown below from the call's error.
    }
  };

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-3 px-4 py-3">
      <div className="grid gap-4 sm:grid-cols-2">
        {names.map((name) => (
          <TextField
            key={name}
            label={texts[name]}
            isOptional
            autoComplete="off"
            placeholder={texts.ofInstallation}
            hint={texts.hints[name]}
            value={draft[name]}
            onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
            error={
              wrong.includes(name) ? texts.wrong : serverField === name ? messageOf(error) : null
            }
          />
        ))}
      </div>
      {error !== null && !isFieldError && <Notice kind="error">{messageOf(error)}</Notice>}
      <Button
        type="submit"
        isPending={isPending}
        disabled={isSame || wrong.length > 0}
        className="justify-self-end"
      >
        {common.save}
      </Button>
    </form>
  );
}

function inputOf(durationMs: number | null): string {
  return durationMs === null ? "" : formatDurationInput(durationMs);
}

/** Null where nothing is written, undefined where it is no duration. */
function readInput(text: string): number | null | undefined {
  return text.trim() === "" ? null : (parseDurationMs(text) ?? undefined);
}
