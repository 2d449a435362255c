import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { api, type MachineDetails } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";

/** Deleting cannot be undone, so the name is typed before. */
export function DeleteMachine({
  machine,
  onDeleted,
}: {
  machine: MachineDetails;
  onDeleted: () => void;
}) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Card title="Delete">
      <div className="flex flex-wrap items-center gap-3 px-4 py-3">
        <p className="min-w-48 flex-1 text-sm text-ink-soft">
          Removes the machine, its token and its history. Its agent is told to stop.
        </p>
        <Button variant="dangerOutline" icon={<Trash2 />} onClick={() => setIsOpen(true)}>
          Delete machine
        </Button>
      </div>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title="Delete this machine?"
        description="Its history goes with it. This cannot be undone."
      >
        <Confirmation machine={machine} onCancel={() => setIsOpen(false)} onDeleted={onDeleted} />
      </Dialog>
    </Card>
  );
}

function Confirmation({
  machine,
  onCancel,
  onDeleted,
}: {
  machine: MachineDetails;
  onCancel: () => void;
  onDeleted: () => void;
}) {
  const [typed, setTyped] = useState("");
  const { call, isPending, error } = useCall(api.machines.remove);
  const isConfirmed = typed.trim() === machine.name.trim();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isConfirmed || isPending) return;
    try {
      await call({ machineId: machine.machineId });
      toast.success(`${machine.name} was deleted`);
      onDeleted();
    } catch {
      // Shown below from the call's error.
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
      <DialogBody className="grid gap-4">
        <p className="text-sm text-ink-soft">
          Type <strong className="font-semibold break-words text-ink">{machine.name}</strong> to
          confirm.
        </p>
        <TextField
          label="Name of the machine"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
        {error !== null && <Notice kind="error">{messageOf(error)}</Notice>}
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" variant="danger" disabled={!isConfirmed} isPending={isPending}>
          Delete
        </Button>
      </DialogFooter>
    </form>
  );
}
