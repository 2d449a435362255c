import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Badge } from "@/components/ui/Badge.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Fact, Facts } from "@/components/ui/Facts.tsx";
import { TextField } from "@/components/ui/Field.tsx";
import { useAct } from "@/hooks/useAct.ts";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { type Account, api } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { language } from "@/texts/texts.ts";

import { useInstallation } from "./useInstallation.ts";

/** Who one is here, and how one signs in. */
export function AccountSettings({ account }: { account: Account }) {
  const { account: texts } = useTexts();
  const { data: installation } = useInstallation();
  const nameOf = (id: string) =>
    installation?.providers.find((provider) => provider.id === id)?.name ?? id;
  const waysIn = [
    ...(account.hasPassword ? [texts.settingsPage.withPassword] : []),
    ...account.providers.map(nameOf),
  ];
  return (
    <Card title={texts.settingsPage.title}>
      <Facts>
        <Fact
          label={texts.email}
          action={
            !account.isEmailVerified &&
            account.hasPassword &&
            installation?.canSendMail === true && <VerifyButton />
          }
        >
          {account.email}{" "}
          {(account.isEmailVerified || installation?.canSendMail === true) && (
            <Badge tone={account.isEmailVerified ? "good" : "neutral"}>
              {account.isEmailVerified
                ? texts.settingsPage.verified
                : texts.settingsPage.notVerified}
            </Badge>
          )}
        </Fact>
        <Fact label={texts.settingsPage.waysIn}>{waysIn.join(", ")}</Fact>
      </Facts>
      <NameForm key={account.name} name={account.name} />
    </Card>
  );
}

function VerifyButton() {
  const { account: texts } = useTexts();
  const { act, isPending } = useAct(api.emailCodes.requestVerification);
  const send = async () => {
    try {
      await act({ language: language() });
      toast.success(texts.settingsPage.verificationSent);
    } catch (error) {
      toast.error(texts.settingsPage.verificationFailed, { description: messageOf(error) });
    }
  };
  return (
    <Button isPending={isPending} onClick={() => void send()}>
      {texts.settingsPage.sendVerification}
    </Button>
  );
}

function NameForm({ name }: { name: string }) {
  const { account: texts } = useTexts();
  const { call, isPending, error } = useCall(api.accounts.rename);
  const [draft, setDraft] = useState(name);
  const isSame = draft.trim() === name || draft.trim() === "";
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isPending || isSame) return;
    try {
      await call({ name: draft.trim() });
      toast.success(texts.settingsPage.renamed);
    } catch {
      // Shown below from the call's error.
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => void submit(event)}
      className="flex items-end gap-2 border-t border-line px-4 py-3"
    >
      <div className="min-w-0 flex-1">
        <TextField
          label={texts.name}
          autoComplete="name"
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          error={error === null ? null : messageOf(error)}
        />
      </div>
      <Button type="submit" isPending={isPending} disabled={isSame} className="h-9">
        {texts.settingsPage.save}
      </Button>
    </form>
  );
}
