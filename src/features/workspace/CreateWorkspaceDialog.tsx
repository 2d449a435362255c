import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";

/** A workspace of one's own, in which one works from then on. */
export function CreateWorkspaceDialog({
  isOpen,
  onClose,
  onCreated,
}: {
  isOpen: boolean;
  onClose: () => void;
  onCreated: () => void;
}) {
  const { workspace: texts } = useTexts();
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      title={texts.createTitle}
      description={texts.createDetail}
    >
      <NameForm
        onCancel={onClose}
        onCreated={() => {
          onClose();
          onCreated();
        }}
      />
    </Dialog>
  );
}

function NameForm({ onCancel, onCreated }: { onCancel: () => void; onCreated: () => void }) {
  const { workspace: texts, common } = useTexts();
  const { call, isPending, error } = useCall(api.workspaces.create);
  const [name, setName] = useState("");
  const [isChecked, setIsChecked] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (isPending || name.trim() === "") return;
    try {
      await call({ name: name.trim() });
      onCreated();
    } catch {
      // Shown below from the call's error.
    }
  };
  const problem = isChecked && name.trim() === "" ? texts.nameMissing : null;
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <DialogBody>
        <TextField
          label={texts.name}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={problem ?? (error === null ? null : messageOf(error))}
        />
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onCancel}>
          {common.cancel}
        </Button>
        <Button type="submit" variant="primary" isPending={isPending}>
          {texts.createConfirm}
        </Button>
      </DialogFooter>
    </form>
  );
}
