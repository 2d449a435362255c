import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { Button, buttonClass } from "@/components/ui/Button.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { paths } from "@/config/paths.ts";
import { isEmail } from "@/features/account/accountDraft.ts";
import { AuthLayout } from "@/features/account/AuthLayout.tsx";
import { useInstallation } from "@/features/account/useInstallation.ts";
import { useAct } from "@/hooks/useAct.ts";
import { useDocumentTitle } from "@/hooks/useDocumentTitle.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { language } from "@/texts/texts.ts";

/** Asks for a link to set a new password. It never says whether there is an account. */
export function Component() {
  const { account } = useTexts();
  const texts = account.forgot;
  useDocumentTitle(texts.page);
  const { data: installation } = useInstallation();
  const { act, isPending, error } = useAct(api.emailCodes.requestReset);
  const [email, setEmail] = useState("");
  const [isChecked, setIsChecked] = useState(false);
  const [isSent, setIsSent] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (isPending || !isEmail(email)) return;
    try {
      await act({ email: email.trim(), language: language() });
      setIsSent(true);
    } catch {
      // Shown below from the call's error.
    }
  };
  const back = (
    <Link to={paths.signIn.href()} className={`${buttonClass("secondary", "lg")} mt-4 w-full`}>
      {texts.back}
    </Link>
  );
  if (isSent || installation?.canSendMail === false) {
    return (
      <AuthLayout title={texts.title}>
        <Notice kind="info">{isSent ? texts.sent : texts.noMail}</Notice>
        {back}
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title={texts.title} lead={texts.lead}>
      <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-4">
        {error !== null && <Notice kind="error">{messageOf(error)}</Notice>}
        <TextField
          label={account.email}
          type="email"
          autoComplete="username"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          error={isChecked && !isEmail(email) ? account.emailWrong : null}
        />
        <Button type="submit" variant="primary" size="lg" isPending={isPending}>
          {texts.submit}
        </Button>
      </form>
      {back}
    </AuthLayout>
  );
}
