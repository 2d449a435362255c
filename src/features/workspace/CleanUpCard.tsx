import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Age } from "@/components/ui/Age.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
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
import { DAY } from "../../../core/time.ts";
import { CleanUpPreview } from "./CleanUpPreview.tsx";

interface CleanUp {
  silentForMs: number;
  tag: string | null;
  lastRunAt: number | null;
  lastRemoved: number | null;
}

/** The opt-in job that removes machines silent for long. It can be looked at before it is turned on. */
export function CleanUpCard({ canChange, onRetry }: { canChange: boolean; onRetry: () => void }) {
  const { workspace } = useTexts();
  const texts = workspace.cleanUp;
  const { data: cleanUp, error } = useLiveQuery(api.cleanUps.get, {});
  const content = () => {
    if (error !== null) return <ErrorView title={texts.failed} error={error} onRetry={onRetry} />;
    if (cleanUp === undefined) return <LoadingRows label={texts.title} count={1} />;
    return (
      <>
        <div className="px-4 py-3 text-sm">
          {cleanUp === null ? (
            <p className="text-ink-soft">{texts.off}</p>
          ) : (
            <p>{texts.on(formatDurationInput(cleanUp.silentForMs), cleanUp.tag)}</p>
          )}
          {cleanUp !== null && cleanUp.lastRunAt !== null && (
            <p className="text-xs text-ink-faint">
              {texts.ranLast} <Age at={cleanUp.lastRunAt} />:{" "}
              {texts.lastRun(cleanUp.lastRemoved ?? 0)}
            </p>
          )}
        </div>
        {canChange && <CleanUpForm key={JSON.stringify(cleanUp)} cleanUp={cleanUp} />}
      </>
    );
  };
  return (
    <Card title={texts.title} description={texts.detail}>
      {content()}
    </Card>
  );
}

function CleanUpForm({ cleanUp }: { cleanUp: CleanUp | null }) {
  const { workspace } = useTexts();
  const texts = workspace.cleanUp;
  const enabling = useCall(api.cleanUps.enable);
  const disabling = useCall(api.cleanUps.disable);
  const [silentFor, setSilentFor] = useState(formatDurationInput(cleanUp?.silentForMs ?? DAY));
  const [tag, setTag] = useState(cleanUp?.tag ?? "");
  const [previewed, setPreviewed] = useState<{ silentForMs: number; tag: string } | null>(null);
  const silentForMs = parseDurationMs(silentFor);
  const wanted = silentForMs === null ? null : { silentForMs, tag: tag.trim() };
  const fieldError = fieldOf(enabling.error);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (wanted === null || enabling.isPending) return;
    try {
      await enabling.call({
        silentForMs: wanted.silentForMs,
        ...(wanted.tag !== "" && { tag: wanted.tag }),
      });
      toast.success(texts.enabled);
    } catch {
      // Shown below from the call's error.
    }
  };
  const disable = async () => {
    try {
      await disabling.call({});
      toast.success(texts.disabled);
    } catch (error) {
      toast.error(messageOf(error));
    }
  };

  return (
    <form
      noValidate
      onSubmit={(event) => void submit(event)}
      className="grid gap-4 border-t border-line px-4 py-3"
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={texts.silentFor}
          value={silentFor}
          onChange={(event) => setSilentFor(event.target.value)}
          hint={texts.silentForHint}
          error={
            wanted === null
              ? texts.silentForWrong
              : fieldError === "silentForMs"
                ? messageOf(enabling.error)
                : null
          }
        />
        <TextField
          label={texts.tag}
          isOptional
          value={tag}
          onChange={(event) => setTag(event.target.value)}
          hint={texts.tagHint}
          error={fieldError === "tags" ? messageOf(enabling.error) : null}
        />
      </div>
      {enabling.error !== null && fieldError === null && (
        <Notice kind="error">{messageOf(enabling.error)}</Notice>
      )}
      <div className="flex flex-wrap gap-2">
        <Button disabled={wanted === null} onClick={() => setPreviewed(wanted)}>
          {texts.preview}
        </Button>
        <Button
          type="submit"
          variant="primary"
          disabled={wanted === null}
          isPending={enabling.isPending}
        >
          {cleanUp === null ? texts.enable : texts.update}
        </Button>
        {cleanUp !== null && (
          <Button isPending={disabling.isPending} onClick={() => void disable()}>
            {texts.disable}
          </Button>
        )}
      </div>
      {previewed !== null && <CleanUpPreview key={JSON.stringify(previewed)} {...previewed} />}
    </form>
  );
}
