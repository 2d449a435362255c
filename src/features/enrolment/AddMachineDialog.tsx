import { useState } from "react";
import { Dialog } from "@/components/ui/Dialog.tsx";
import { useTexts } from "@/hooks/useTexts.ts";
import { EnrolmentKeys } from "./EnrolmentKeys.tsx";
import { NameStep } from "./NameStep.tsx";
import { TokenStep } from "./TokenStep.tsx";
import { useSiteUrl } from "./useSiteUrl.ts";

type Step =
  | { kind: "name" }
  | { kind: "keys" }
  | { kind: "token"; machineId: string; token: string; name: string };

/** S3.1 in two steps: a name, then the token with commands and a checklist that ticks live. Or one key for many. */
export function AddMachineDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { add, connect, keys } = useTexts().enrolment;
  // Asked for before it is needed, so that the command is there at once.
  const siteUrl = useSiteUrl();
  const [step, setStep] = useState<Step>({ kind: "name" });

  const close = () => {
    onClose();
    setStep({ kind: "name" });
  };
  const titles = {
    name: { title: add.title, description: add.description },
    keys: { title: keys.title, description: keys.description },
    token: { title: step.kind === "token" ? connect.title(step.name) : "" },
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(open) => !open && close()}
      {...titles[step.kind]}
      size={step.kind === "name" ? "md" : "lg"}
    >
      {step.kind === "name" && (
        <NameStep
          onCreated={(created) => setStep({ kind: "token", ...created })}
          onCancel={close}
          onKeys={() => setStep({ kind: "keys" })}
        />
      )}
      {step.kind === "keys" && (
        <EnrolmentKeys siteUrl={siteUrl} onBack={() => setStep({ kind: "name" })} onClose={close} />
      )}
      {step.kind === "token" && <TokenStep {...step} siteUrl={siteUrl} onClose={close} />}
    </Dialog>
  );
}
