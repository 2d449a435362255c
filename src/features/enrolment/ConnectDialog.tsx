import { useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api } from "@/lib/backend.ts";
import { newCredentials } from "@/lib/credentials.ts";
import { messageOf } from "@/lib/errors.ts";
import { freshToken, rememberToken } from "./freshTokens.ts";
import { TokenStep } from "./TokenStep.tsx";
import { useSiteUrl } from "./useSiteUrl.ts";

/** The second step again, for a machine that is still waiting: with its token if this page made it, else with a new one. */
export function ConnectDialog({ machineId, onClose }: { machineId: string; onClose: () => void }) {
  const { connect } = useTexts().enrolment;
  const siteUrl = useSiteUrl();
  const { data: machine } = useLiveQuery(api.machines.get, { machineId });
  const [token, setToken] = useState(() => freshToken(machineId));
  const rotate = useCall(api.secrets.rotate);

  const makeToken = async () => {
    const { secret } = newCredentials();
    try {
      // Nobody ever used the old secret: there is nothing to overlap with.
      await rotate.call({ machineId, secret, overlapMs: 0 });
      rememberToken(machineId, `${machineId}:${secret}`);
      setToken(`${machineId}:${secret}`);
    } catch {
      // Shown below from the call's error.
    }
  };
  if (machine === undefined) return null;
  return (
    <Dialog
      isOpen
      onOpenChange={(open) => !open && onClose()}
      title={connect.title(machine?.name ?? "")}
      size="lg"
    >
      {machine !== null && token !== null ? (
        <TokenStep machineId={machineId} token={token} siteUrl={siteUrl} onClose={onClose} />
      ) : (
        <>
          <DialogBody className="grid gap-3">
            <p className="text-sm text-ink-soft">
              {machine === null ? connect.unknown : connect.gone}
            </p>
            {rotate.error !== null && <Notice kind="error">{messageOf(rotate.error)}</Notice>}
          </DialogBody>
          <DialogFooter>
            <Button variant="ghost" onClick={onClose}>
              {connect.close}
            </Button>
            {machine !== null && (
              <Button
                variant="primary"
                isPending={rotate.isPending}
                onClick={() => void makeToken()}
              >
                {connect.newToken}
              </Button>
            )}
          </DialogFooter>
        </>
      )}
    </Dialog>
  );
}
