import { type FormEvent, useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { Button, buttonClass } from "@/components/ui/Button.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { PasswordField } from "@/components/ui/PasswordField.tsx";
import { paths } from "@/config/paths.ts";
import { PASSWORD_MIN_LENGTH } from "@/features/account/accountDraft.ts";
import { AuthLayout } from "@/features/account/AuthLayout.tsx";
import { useAct } from "@/hooks/useAct.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";

/** Where the link of the mail leads: the code is in the address's fragment. */
export function Component() {
  const { account } = useTexts();
  const texts = account.reset;
  useDocumentTitle(texts.page);
  const code = useLocation().hash.slice(1);
  const navigate = useNavigate();
  const { act, isPending, error } = useAct(api.emailCodes.resetPassword);
  const [password, setPassword] = useState("");
  const [isChecked, setIsChecked] = useState(false);
  const isShort = password.length < PASSWORD_MIN_LENGTH;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (isPending || isShort) return;
    try {
      await act({ code, newPassword: password });
      void navigate({ pathname: paths.signIn.href(), search: "reset=1" });
    } catch {
      // Shown below from the call's error.
    }
  };
  const again = (
    <Link
      to={paths.forgotPassword.href()}
      className={`${buttonClass("secondary", "lg")} mt-4 w-full`}
    >
      {texts.again}
    </Link>
  );
  if (code === "") {
    return (
      <AuthLayout title={texts.title}>
        <Notice kind="warning">{texts.noCode}</Notice>
        {again}
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title={texts.title} lead={texts.lead}>
      <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-4">
        {error !== null && <Notice kind="error">{messageOf(error)}</Notice>}
        <PasswordField
          label={texts.newPassword}
          autoComplete="new-password"
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          hint={account.passwordHint(PASSWORD_MIN_LENGTH)}
          error={isChecked && isShort ? account.passwordShort(PASSWORD_MIN_LENGTH) : null}
        />
        <Button type="submit" variant="primary" size="lg" isPending={isPending}>
          {texts.submit}
        </Button>
      </form>
      {error !== null && again}
    </AuthLayout>
  );
}
