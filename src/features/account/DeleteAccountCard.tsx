import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { PasswordField } from "@/components/ui/PasswordField.tsx";
import { useAct } from "@/hooks/useAct.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Account, api } from "@/lib/backend.ts";
import { kindOf, messageOf } from "@/lib/errors.ts";

/** The end of an account, and of the workspaces in which nobody else is. */
export function DeleteAccountCard({ account }: { account: Account }) {
  const { account: all } = useTexts();
  const texts = all.removal;
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Card title={texts.title}>
      <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3 text-sm">
        <p className="min-w-60 flex-1 text-ink-soft">{texts.detail}</p>
        <Button variant="dangerOutline" icon={<Trash2 />} onClick={() => setIsAsking(true)}>
          {texts.action}
        </Button>
      </div>
      <Dialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title={texts.dialogTitle}
        description={texts.dialogDetail}
      >
        <RemovalForm account={account} onCancel={() => setIsAsking(false)} />
      </Dialog>
    </Card>
  );
}

function RemovalForm({ account, onCancel }: { account: Account; onCancel: () => void }) {
  const { account: all, common } = useTexts();
  const texts = all.removal;
  const { act, isPending, error } = useAct(api.accounts.remove);
  const [confirmEmail, setConfirmEmail] = useState("");
  const [password, setPassword] = useState("");
  const isWrong = kindOf(error) === "badCredentials";
  const isSure =
    confirmEmail.trim().toLowerCase() === account.email &&
    (!account.hasPassword || password !== "");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isPending || !isSure) return;
    try {
      // What follows is shown by the gate: this account can do nothing any more but watch.
      await act({ confirmEmail, ...(account.hasPassword && { password }) });
    } catch {
      // Shown below from the call's error.
    }
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
      <DialogBody className="grid gap-4">
        <TextField
          label={texts.writeEmail(account.email)}
          autoComplete="off"
          value={confirmEmail}
          onChange={(event) => setConfirmEmail(event.target.value)}
        />
        {account.hasPassword && (
          <PasswordField
            label={texts.password}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            error={isWrong ? all.passwordCard.wrong : null}
          />
        )}
        {error !== null && !isWrong && <Notice kind="error">{messageOf(error)}</Notice>}
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" onClick={onCancel}>
          {common.cancel}
        </Button>
        <Button type="submit" variant="danger" disabled={!isSure} isPending={isPending}>
          {texts.confirm}
        </Button>
      </DialogFooter>
    </form>
  );
}
