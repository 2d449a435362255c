import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type MachineDetails } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { useShelf } from "./useShelf.ts";

/** Deleting stops an agent and ends a history in thirty days, so the name is typed before. */
export function DeleteMachine({
  machine,
  onDeleted,
}: {
  machine: MachineDetails;
  onDeleted: () => void;
}) {
  const texts = useTexts().machine.remove;
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Card title={texts.title}>
      <div className="flex flex-wrap items-center gap-3 px-4 py-3">
        <p className="min-w-48 flex-1 text-sm text-ink-soft">{texts.lead}</p>
        <Button variant="dangerOutline" icon={<Trash2 />} onClick={() => setIsOpen(true)}>
          {texts.open}
        </Button>
      </div>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={texts.question}
        description={texts.questionLead}
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
  const { common, machine: words } = useTexts();
  const [typed, setTyped] = useState("");
  const { call, isPending, error } = useCall(api.machines.remove);
  const { tellDeleted } = useShelf(machine);
  const isConfirmed = typed.trim() === machine.name.trim();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isConfirmed || isPending) return;
    try {
      await call({ machineId: machine.machineId });
      tellDeleted();
      onDeleted();
    } catch {
      // Shown below from the call's error.
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
      <DialogBody className="grid gap-4">
        <p className="text-sm break-words text-ink-soft">{common.writeToConfirm(machine.name)}</p>
        <TextField
          label={words.remove.name}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
        {error !== null && <Notice kind="error">{messageOf(error)}</Notice>}
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onCancel}>
          {common.cancel}
        </Button>
        <Button type="submit" variant="danger" disabled={!isConfirmed} isPending={isPending}>
          {words.remove.confirm}
        </Button>
      </DialogFooter>
    </form>
  );
}
