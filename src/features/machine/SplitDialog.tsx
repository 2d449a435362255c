import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { CodeBlock } from "@/components/ui/CodeBlock.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type MachineDetails } from "@/lib/backend.ts";
import { newCredentials } from "@/lib/credentials.ts";
import { messageOf } from "@/lib/errors.ts";

/** Gives one of two machines that share a token an entry and a token of its own, which is shown this one time. */
export function SplitDialog({
  machine,
  isOpen,
  onClose,
}: {
  machine: MachineDetails;
  isOpen: boolean;
  onClose: () => void;
}) {
  const texts = useTexts().machine.clash;
  return (
    <Dialog isOpen={isOpen} onOpenChange={onClose} title={texts.splitTitle}>
      <SplitForm machine={machine} onClose={onClose} />
    </Dialog>
  );
}

function SplitForm({ machine, onClose }: { machine: MachineDetails; onClose: () => void }) {
  const texts = useTexts().machine.clash;
  const [name, setName] = useState(`${machine.name}-2`);
  const [token, setToken] = useState<string | null>(null);
  const split = useCall(api.machines.split);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { machineId: newMachineId, secret } = newCredentials();
    try {
      await split.call({ machineId: machine.machineId, newMachineId, secret, name: name.trim() });
      setToken(`${newMachineId}:${secret}`);
    } catch {
      // Shown below from the call's error.
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
      <DialogBody className="grid gap-3">
        {token === null ? (
          <TextField
            label={texts.nameOfNew}
            value={name}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        ) : (
          <>
            <p className="text-sm text-ink-soft">{texts.splitLead}</p>
            <CodeBlock code={token} label={texts.token} />
          </>
        )}
        {split.error !== null && <Notice kind="error">{messageOf(split.error)}</Notice>}
      </DialogBody>
      <DialogFooter>
        <Button variant={token === null ? "ghost" : "primary"} onClick={onClose}>
          {token === null ? texts.cancel : texts.stored}
        </Button>
        {token === null && (
          <Button
            type="submit"
            variant="primary"
            disabled={name.trim() === ""}
            isPending={split.isPending}
          >
            {texts.create}
          </Button>
        )}
      </DialogFooter>
    </form>
  );
}
