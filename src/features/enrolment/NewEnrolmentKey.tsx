import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { newEnrolmentKey } from "@/lib/credentials.ts";
import { messageOf } from "@/lib/errors.ts";
import { parseTags } from "@/lib/machineForm.ts";
import { DAY } from "../../../core/time.ts";

const LIMITS = { machines: 10_000, days: 365 };

/** Asks what a new enrolment key is for and how far it reaches. The key is made here; the server gets it to hash it. */
export function NewEnrolmentKey({ onCreated }: { onCreated: (key: string) => void }) {
  const { keys: texts, add } = useTexts().enrolment;
  const [draft, setDraft] = useState({ name: "", tags: "", machines: "100", days: "30" });
  const [isChecked, setIsChecked] = useState(false);
  const create = useCall(api.enrolment.createKey);
  const machines = wholeNumber(draft.machines, LIMITS.machines);
  const days = wholeNumber(draft.days, LIMITS.days);
  const change = (field: keyof typeof draft) => ({
    value: draft[field],
    onChange: (event: { target: { value: string } }) =>
      setDraft({ ...draft, [field]: event.target.value }),
    autoComplete: "off",
    spellCheck: false,
  });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    const name = draft.name.trim();
    if (name === "" || machines === null || days === null || create.isPending) return;
    const key = newEnrolmentKey();
    try {
      const tags = parseTags(draft.tags);
      await create.call({ key, name, tags, maxMachines: machines, lifetimeMs: days * DAY });
      onCreated(key);
    } catch {
      // Shown below from the call's error.
    }
  };
  const problem = (isWrong: boolean, text: string) => (isChecked && isWrong ? text : null);
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-4 sm:grid-cols-2">
      <TextField
        label={texts.name}
        placeholder={texts.namePlaceholder}
        error={problem(draft.name.trim() === "", texts.nameMissing)}
        {...change("name")}
      />
      <TextField label={add.tags} isOptional hint={add.tagsHint} {...change("tags")} />
      <TextField
        label={texts.most}
        inputMode="numeric"
        hint={texts.mostHint}
        error={problem(machines === null, texts.mostWrong)}
        {...change("machines")}
      />
      <TextField
        label={texts.days}
        inputMode="numeric"
        error={problem(days === null, texts.daysWrong)}
        {...change("days")}
      />
      <div className="grid gap-3 sm:col-span-2">
        {create.error !== null && <Notice kind="error">{messageOf(create.error)}</Notice>}
        <Button
          type="submit"
          variant="primary"
          isPending={create.isPending}
          className="justify-self-start"
        >
          {texts.create}
        </Button>
      </div>
    </form>
  );
}

function wholeNumber(text: string, max: number): number | null {
  const value = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
  return value >= 1 && value <= max ? value : null;
}
