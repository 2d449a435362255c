import { toast } from "sonner";
import { Badge } from "@/components/ui/Badge.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { Fact, Facts } from "@/components/ui/Facts.tsx";
import { RenameForm } from "@/components/ui/RenameForm.tsx";
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
  const rename = async (wanted: string) => {
    await call({ name: wanted });
    toast.success(texts.settingsPage.renamed);
  };
  return (
    <RenameForm label={texts.name} autoComplete="name" {...{ name, isPending, error, rename }} />
  );
}
