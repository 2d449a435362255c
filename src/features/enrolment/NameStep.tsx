import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { fieldOf, messageOf } from "@/lib/errors.ts";
import { parseTags } from "@/lib/machineForm.ts";
import { useCreateMachine } from "./useCreateMachine.ts";

/** Asks what the machine is called. */
export function NameStep({
  onCreated,
  onCancel,
}: {
  onCreated: (created: { machineId: string; token: string; name: string }) => void;
  onCancel: () => void;
}) {
  const [name, setName] = useState("");
  const [tags, setTags] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { createMachine, isCreating, error } = useCreateMachine();
  const field = fieldOf(error);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const trimmed = name.trim();
    setProblem(trimmed === "" ? "Give the machine a name, such as web-1." : null);
    if (trimmed === "" || isCreating) return;
    try {
      const created = await createMachine({ name: trimmed, tags: parseTags(tags) });
      onCreated({ ...created, name: trimmed });
    } catch {
      // Shown below from the hook's error.
    }
  };

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
      <DialogBody className="grid gap-4">
        <TextField
          label="Name"
          placeholder="web-1"
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={problem ?? (field === "name" ? messageOf(error) : null)}
          hint="How people call it. You can change it later."
          autoComplete="off"
          spellCheck={false}
        />
        <TextField
          label="Tags"
          isOptional
          placeholder="prod, eu-west"
          value={tags}
          onChange={(event) => setTags(event.target.value)}
          error={field === "tags" ? messageOf(error) : null}
          hint="Separated by commas, to filter and group by."
          autoComplete="off"
          spellCheck={false}
        />
        {error !== null && field !== "name" && field !== "tags" && (
          <Notice kind="error">{messageOf(error)}</Notice>
        )}
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" isPending={isCreating}>
          Create token
        </Button>
      </DialogFooter>
    </form>
  );
}
