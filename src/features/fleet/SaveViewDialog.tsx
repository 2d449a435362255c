import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";

/** Asks for the name of the view to save. */
export function SaveViewDialog({
  isOpen,
  onClose,
  onSave,
}: {
  isOpen: boolean;
  onClose: () => void;
  onSave: (name: string) => void;
}) {
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    onSave(name.trim());
    setName("");
    onClose();
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onClose}
      title="Save this view"
      description="Filter, order and layout, in this browser. To share a view, send its address."
    >
      <form onSubmit={submit}>
        <DialogBody>
          <TextField
            label="Name of the view"
            value={name}
            maxLength={60}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        </DialogBody>
        <DialogFooter>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={name.trim() === ""}>
            Save
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
