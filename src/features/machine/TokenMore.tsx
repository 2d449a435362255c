import { RefreshCw, ShieldOff } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { CodeBlock } from "@/components/ui/CodeBlock.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type MachineDetails } from "@/lib/backend.ts";
import { newCredentials } from "@/lib/credentials.ts";
import { messageOf } from "@/lib/errors.ts";

/** The two things that stop the old token at once: locking the machine out, and new hardware in its place. */
export function TokenMore({ machine: { machineId } }: { machine: MachineDetails }) {
  const { clash, token: texts } = useTexts().machine;
  const [asked, setAsked] = useState<"replace" | "revoke" | null>(null);
  const [token, setToken] = useState<string | null>(null);
  const replace = useCall(api.machines.replace);
  const revoke = useCall(api.secrets.revoke);
  const close = () => {
    setAsked(null);
    setToken(null);
    replace.reset();
    revoke.reset();
  };
  const makeToken = async () => {
    const { secret } = newCredentials();
    try {
      await replace.call({ machineId, secret });
      setToken(`${machineId}:${secret}`);
    } catch {
      // Shown in the dialog from the call's error.
    }
  };
  const lockOut = async () => {
    try {
      await revoke.call({ machineId, which: "all" });
      toast.success(texts.revokedAll);
      close();
    } catch {
      // Shown in the dialog from the call's error.
    }
  };
  const error = replace.error ?? revoke.error;
  return (
    <details className="border-t border-line px-4 py-3 text-sm">
      <summary className="cursor-pointer rounded-sm font-medium">{texts.more}</summary>
      <span className="mt-3 flex flex-wrap gap-2">
        <Button icon={<RefreshCw />} onClick={() => setAsked("replace")}>
          {texts.replace}
        </Button>
        <Button variant="dangerOutline" icon={<ShieldOff />} onClick={() => setAsked("revoke")}>
          {texts.revokeAll}
        </Button>
      </span>
      <Dialog
        isOpen={asked !== null}
        onOpenChange={close}
        title={asked === "revoke" ? texts.revokeAllTitle : texts.replaceTitle}
        description={asked === "revoke" ? texts.revokeAllLead : texts.replaceLead}
      >
        {(token !== null || error !== null) && (
          <DialogBody className="grid gap-3">
            {token !== null && <CodeBlock code={token} label={texts.replaced} />}
            {error !== null && <Notice kind="error">{messageOf(error)}</Notice>}
          </DialogBody>
        )}
        <DialogFooter>
          <Button variant={token === null ? "ghost" : "primary"} onClick={close}>
            {token === null ? clash.cancel : clash.stored}
          </Button>
          {asked === "revoke" && (
            <Button variant="danger" isPending={revoke.isPending} onClick={() => void lockOut()}>
              {texts.revokeAll}
            </Button>
          )}
          {asked === "replace" && token === null && (
            <Button
              variant="primary"
              isPending={replace.isPending}
              onClick={() => void makeToken()}
            >
              {texts.confirmReplace}
            </Button>
          )}
        </DialogFooter>
      </Dialog>
    </details>
  );
}
