import { ChevronLeft } from "lucide-react";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Channel } from "@/lib/backend.ts";
import { fieldOf, messageOf } from "@/lib/errors.ts";
import { ConnectionFields } from "./ConnectionFields.tsx";
import { type Draft, draftOf, emptyDraft, type Kind, problemsOf } from "./draft.ts";
import { PreviewPane } from "./PreviewPane.tsx";
import { RulesFields } from "./RulesFields.tsx";
import { useSaveChannel } from "./useSaveChannel.ts";

type Section = "connection" | "rules" | "preview";

/** A channel being made or changed: its connection, its rules, and what its messages look like. */
export function ChannelForm({
  kind,
  channel,
  canShare,
  onBack,
  onDone,
}: {
  kind: Kind;
  /** Null for a new one. */
  channel: Channel | null;
  /** Whether the writer may make channels of the workspace, or only their own. */
  canShare: boolean;
  onBack: (() => void) | null;
  onDone: () => void;
}) {
  const { notifications: texts } = useTexts();
  const [draft, setDraft] = useState<Draft>(() =>
    channel === null ? emptyDraft(kind, !canShare) : draftOf(kind, channel),
  );
  const isBrowser = kind.madeBy === "browser";
  const [section, setSection] = useState<Section>(isBrowser ? "rules" : "connection");
  const [isChecked, setIsChecked] = useState(false);
  const { save, isPending, error } = useSaveChannel({ kind, channel });
  const secretsSet = channel?.secretsSet ?? [];
  const own = problemsOf(texts, kind, draft.config, secretsSet);
  const serverField = fieldOf(error)?.replace(/^config\./, "") ?? "";
  const isFieldError = serverField in draft.config;
  const problems = {
    ...(isChecked ? own : {}),
    ...(isFieldError && { [serverField]: messageOf(error) }),
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (isPending) return;
    if (!isBrowser && Object.keys(own).length > 0) {
      setSection("connection");
      return;
    }
    const outcome = await save(draft);
    if (outcome.isSaved) {
      const { form } = texts;
      if (channel === null)
        toast.success(form.added(outcome.name), { description: form.addedLead });
      else toast.success(form.saved(outcome.name));
      onDone();
    } else if (outcome.isAboutConfig) setSection("connection");
  };

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
      <div className="px-5 pb-3">
        <Segmented
          label={texts.form.sections}
          value={section}
          options={[
            ...(isBrowser ? [] : [{ value: "connection" as const, label: texts.form.connection }]),
            { value: "rules", label: texts.form.rules },
            ...(isBrowser ? [] : [{ value: "preview" as const, label: texts.form.preview }]),
          ]}
          onChange={setSection}
        />
      </div>
      <DialogBody className="grid min-h-72 content-start gap-4">
        {section === "connection" && (
          <>
            <p className="text-sm text-ink-soft">{texts.kinds[kind.kind]}</p>
            <ConnectionFields
              kind={kind}
              config={draft.config}
              secretsSet={secretsSet}
              problems={problems}
              onChange={(config) => setDraft({ ...draft, config })}
            />
            <TextField
              label={texts.form.name}
              isOptional={channel === null}
              hint={texts.form.nameHint(kind.title)}
              value={draft.name}
              error={serverField === "name" ? messageOf(error) : null}
              autoComplete="off"
              onChange={(event) => setDraft({ ...draft, name: event.target.value })}
            />
            {channel === null && canShare && <Audience draft={draft} onChange={setDraft} />}
          </>
        )}
        {section === "rules" && <RulesFields draft={draft} onChange={setDraft} />}
        {section === "preview" && (
          <PreviewPane
            kind={kind.kind}
            config={draft.config}
            hasKeptSecrets={secretsSet.length > 0}
          />
        )}
        {error !== null && !isFieldError && serverField !== "name" && (
          <Notice kind="error">{messageOf(error)}</Notice>
        )}
      </DialogBody>
      <DialogFooter>
        {onBack !== null && (
          <Button variant="ghost" icon={<ChevronLeft />} onClick={onBack} className="mr-auto">
            {texts.form.back}
          </Button>
        )}
        <Button variant="ghost" onClick={onDone}>
          {texts.form.cancel}
        </Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {channel === null ? texts.form.create : texts.form.save}
        </Button>
      </DialogFooter>
    </form>
  );
}

function Audience({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const { notifications: texts } = useTexts();
  const { form } = texts;
  return (
    <div className="grid gap-1.5">
      <p className="text-sm font-medium text-ink">{form.audience}</p>
      <Segmented
        label={form.audience}
        value={draft.isPersonal ? "me" : "workspace"}
        options={[
          { value: "workspace", label: form.audienceWorkspace },
          { value: "me", label: form.audienceMe },
        ]}
        onChange={(audience) => onChange({ ...draft, isPersonal: audience === "me" })}
      />
      <p className="text-xs text-ink-faint">{form.audienceHint}</p>
    </div>
  );
}
