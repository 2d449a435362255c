import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { PasswordField } from "@/components/ui/PasswordField.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { PASSWORD_MIN_LENGTH, problemsOfSignUp } from "./accountDraft.ts";
import { useCredentials } from "./useCredentials.ts";

/** Makes an account; the first one owns the installation. */
export function SignUpForm({
  submitLabel,
  invite,
  onSignedUp,
}: {
  submitLabel: string;
  /** The token of the invite that opens the door. */
  invite?: string;
  onSignedUp?: () => void;
}) {
  const { account: texts } = useTexts();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [isChecked, setIsChecked] = useState(false);
  const { submit, isPending, refusal } = useCredentials("signUp");
  const problems = isChecked ? problemsOfSignUp(email, password) : {};
  const serverProblem = (field: string) => (refusal?.field === field ? refusal.message : null);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (isPending || Object.keys(problemsOfSignUp(email, password)).length > 0) return;
    const isIn = await submit({
      email,
      password,
      ...(name.trim() !== "" && { name: name.trim() }),
      ...(invite !== undefined && { invite }),
    });
    if (isIn) onSignedUp?.();
  };

  return (
    <form noValidate onSubmit={(event) => void onSubmit(event)} className="grid gap-4">
      {refusal !== null && !isOwnField(refusal.field) && (
        <Notice kind="error">{refusal.message}</Notice>
      )}
      <TextField
        label={texts.yourName}
        isOptional
        name="name"
        autoComplete="name"
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={serverProblem("name")}
      />
      <TextField
        label={texts.email}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={problems.email ?? serverProblem("email")}
      />
      <PasswordField
        label={texts.password}
        name="password"
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={problems.password ?? serverProblem("password")}
        hint={texts.passwordHint(PASSWORD_MIN_LENGTH)}
      />
      <Button type="submit" variant="primary" size="lg" isPending={isPending} className="mt-1">
        {submitLabel}
      </Button>
    </form>
  );
}

/** Shown beside its field instead of above the form. */
function isOwnField(field: string | null): boolean {
  return field === "name" || field === "email" || field === "password";
}
