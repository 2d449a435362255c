import { useState } from "react";
import { Dialog } from "@/components/ui/Dialog.tsx";
import { NameStep } from "./NameStep.tsx";
import { TokenStep } from "./TokenStep.tsx";
import { useSiteUrl } from "./useSiteUrl.ts";

interface Created {
  machineId: string;
  token: string;
  name: string;
}

/** S3.1 in two steps: a name, then the token (shown this once) with commands and a checklist that ticks live. */
export function AddMachineDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  // Asked for before it is needed, so that the command is there at once.
  const siteUrl = useSiteUrl();
  const [created, setCreated] = useState<Created | null>(null);
  const [isTokenSaved, setIsTokenSaved] = useState(false);
  const [isAskingToClose, setIsAskingToClose] = useState(false);

  const close = () => {
    onClose();
    setCreated(null);
    setIsTokenSaved(false);
    setIsAskingToClose(false);
  };
  const requestClose = () => {
    // The token cannot be shown again: closing by accident would waste it.
    if (created !== null && !isTokenSaved && !isAskingToClose) setIsAskingToClose(true);
    else close();
  };

  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(open) => !open && requestClose()}
      title={created === null ? "Add machine" : `Connect ${created.name}`}
      description={
        created === null
          ? "Its token is made in your browser. The server keeps only a hash of it."
          : undefined
      }
      size={created === null ? "md" : "lg"}
    >
      {created === null ? (
        <NameStep onCreated={setCreated} onCancel={close} />
      ) : (
        <TokenStep
          {...created}
          siteUrl={siteUrl}
          isAskingToClose={isAskingToClose}
          onTokenSaved={() => setIsTokenSaved(true)}
          onStay={() => setIsAskingToClose(false)}
          onClose={requestClose}
        />
      )}
    </Dialog>
  );
}
