import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { PasswordField } from "@/components/ui/PasswordField.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { problemsOfSignIn } from "./accountDraft.ts";
import { useCredentials } from "./useCredentials.ts";

/** E-mail and password. Where it leads afterwards is decided by who shows it. */
export function SignInForm() {
  const { account: texts } = useTexts();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [isChecked, setIsChecked] = useState(false);
  const { submit, isPending, refusal } = useCredentials("signIn");
  const problems = isChecked ? problemsOfSignIn(email, password) : {};
  const serverProblem = (field: string) => (refusal?.field === field ? refusal.message : null);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (isPending || Object.keys(problemsOfSignIn(email, password)).length > 0) return;
    void submit({ email, password });
  };

  return (
    <form noValidate onSubmit={onSubmit} className="grid gap-4">
      {refusal !== null && !isOwnField(refusal.field) && (
        <Notice kind="error">{refusal.message}</Notice>
      )}
      <TextField
        label={texts.email}
        type="email"
        name="email"
        autoComplete="username"
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={problems.email ?? serverProblem("email")}
      />
      <PasswordField
        label={texts.password}
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={problems.password ?? serverProblem("password")}
      />
      <Button type="submit" variant="primary" size="lg" isPending={isPending} className="mt-1">
        {texts.signIn.submit}
      </Button>
    </form>
  );
}

/** Shown beside its field instead of above the form. */
function isOwnField(field: string | null): boolean {
  return field === "email" || field === "password";
}
