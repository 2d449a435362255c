import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { fieldOf, messageOf } from "@/lib/errors.ts";
import { parseTags } from "@/lib/machineForm.ts";
import { rememberToken } from "./freshTokens.ts";
import { useCreateMachine } from "./useCreateMachine.ts";

/** Asks what the machine is called. */
export function NameStep({
  onCreated,
  onCancel,
  onKeys,
}: {
  onCreated: (created: { machineId: string; token: string; name: string }) => void;
  onCancel: () => void;
  onKeys: () => void;
}) {
  const texts = useTexts().enrolment.add;
  const [name, setName] = useState("");
  const [tags, setTags] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { createMachine, isCreating, error } = useCreateMachine();
  const field = fieldOf(error);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const trimmed = name.trim();
    setProblem(trimmed === "" ? texts.nameMissing : null);
    if (trimmed === "" || isCreating) return;
    try {
      const created = await createMachine({ name: trimmed, tags: parseTags(tags) });
      rememberToken(created.machineId, created.token);
      onCreated({ ...created, name: trimmed });
    } catch {
      // Shown below from the hook's error.
    }
  };

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
      <DialogBody className="grid gap-4">
        <TextField
          label={texts.name}
          placeholder="web-1"
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={problem ?? (field === "name" ? messageOf(error) : null)}
          hint={texts.nameHint}
          autoComplete="off"
          spellCheck={false}
        />
        <TextField
          label={texts.tags}
          isOptional
          placeholder="prod, eu-west"
          value={tags}
          onChange={(event) => setTags(event.target.value)}
          error={field === "tags" ? messageOf(error) : null}
          hint={texts.tagsHint}
          autoComplete="off"
          spellCheck={false}
        />
        {error !== null && field !== "name" && field !== "tags" && (
          <Notice kind="error">{messageOf(error)}</Notice>
        )}
        <p className="text-xs text-ink-faint">
          {texts.many}{" "}
          <button
            type="button"
            onClick={onKeys}
            className="rounded-sm font-medium text-accent-ink underline underline-offset-2"
          >
            {texts.useKey}
          </button>
        </p>
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onCancel}>
          {texts.cancel}
        </Button>
        <Button type="submit" variant="primary" isPending={isCreating}>
          {texts.create}
        </Button>
      </DialogFooter>
    </form>
  );
}
