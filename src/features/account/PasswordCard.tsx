import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { PasswordField } from "@/components/ui/PasswordField.tsx";
import { useAct } from "@/hooks/useAct.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { fieldOf, kindOf, messageOf } from "@/lib/errors.ts";
import { PASSWORD_MIN_LENGTH } from "./accountDraft.ts";

/** A new password, which ends all sessions but this one. */
export function PasswordCard({ email, hasPassword }: { email: string; hasPassword: boolean }) {
  const { account } = useTexts();
  const texts = account.passwordCard;
  return (
    <Card title={texts.title} description={texts.detail}>
      {hasPassword ? (
        <PasswordForm email={email} />
      ) : (
        <p className="px-4 py-3 text-sm text-ink-soft">{texts.none}</p>
      )}
    </Card>
  );
}

function PasswordForm({ email }: { email: string }) {
  const { account } = useTexts();
  const texts = account.passwordCard;
  const { act, isPending, error } = useAct(api.accounts.changePassword);
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [isChecked, setIsChecked] = useState(false);
  const isShort = next.length < PASSWORD_MIN_LENGTH;
  const isWrong = kindOf(error) === "badCredentials";
  const isNewRefused = fieldOf(error) === "newPassword";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (isPending || current === "" || isShort) return;
    try {
      await act({ currentPassword: current, newPassword: next });
      toast.success(texts.changed);
      setCurrent("");
      setNext("");
      setIsChecked(false);
    } catch {
      // Shown below from the call's error.
    }
  };

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-4 px-4 py-3">
      {error !== null && !isWrong && !isNewRefused && (
        <Notice kind="error">{messageOf(error)}</Notice>
      )}
      {/* So that password managers know whose password this is. */}
      <input type="hidden" name="username" autoComplete="username" value={email} />
      <div className="grid gap-4 sm:grid-cols-2">
        <PasswordField
          label={texts.current}
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          error={
            isChecked && current === "" ? account.passwordMissing : isWrong ? texts.wrong : null
          }
        />
        <PasswordField
          label={texts.new}
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.target.value)}
          hint={account.passwordHint(PASSWORD_MIN_LENGTH)}
          error={
            isChecked && isShort
              ? account.passwordShort(PASSWORD_MIN_LENGTH)
              : isNewRefused
                ? messageOf(error)
                : null
          }
        />
      </div>
      <Button type="submit" isPending={isPending} className="justify-self-start">
        {texts.submit}
      </Button>
    </form>
  );
}
