import { KeyRound } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Age } from "@/components/ui/Age.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { CodeBlock } from "@/components/ui/CodeBlock.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { Segmented } from "@/components/ui/Segmented.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type MachineDetails } from "@/lib/backend.ts";
import { newCredentials } from "@/lib/credentials.ts";
import { messageOf } from "@/lib/errors.ts";
import { formatStamp } from "@/lib/format.ts";
import { DAY, HOUR } from "../../../core/time.ts";
import { TokenMore } from "./TokenMore.tsx";

/** How long the old token works on beside the new one. */
const overlaps = { none: 0, hour: HOUR, day: DAY, week: 7 * DAY };
type Overlap = keyof typeof overlaps;
const overlapKeys = ["none", "hour", "day", "week"] as const;

/** A new token without a gap (S4.8): the old one works on for a while, and the page says who still uses it. */
export function TokenCard({ machine }: { machine: MachineDetails }) {
  const { machineId, rotation } = machine;
  const { clash, token: texts } = useTexts().machine;
  const [token, setToken] = useState<string | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const [overlap, setOverlap] = useState<Overlap>("day");
  const rotate = useCall(api.secrets.rotate);
  const revoke = useCall(api.secrets.revoke);

  const makeToken = async () => {
    const { secret } = newCredentials();
    try {
      await rotate.call({ machineId, secret, overlapMs: overlaps[overlap] });
      setToken(`${machineId}:${secret}`);
    } catch {
      // Shown in the dialog from the call's error.
    }
  };
  const revokeOld = async () => {
    try {
      await revoke.call({ machineId, which: "previous" });
      toast.success(texts.revokedOld);
    } catch (error) {
      toast.error(messageOf(error));
    }
  };
  const close = () => {
    setIsAsking(false);
    setToken(null);
    rotate.reset();
  };
  return (
    <Card title={texts.title}>
      <div className="grid gap-3 px-4 py-3 text-sm">
        {rotation === null ? (
          <p className="text-ink-soft">{texts.lead}</p>
        ) : (
          <Rotation rotation={rotation} />
        )}
        <span className="flex flex-wrap justify-end gap-2">
          {rotation !== null && (
            <Button
              variant="dangerOutline"
              isPending={revoke.isPending}
              onClick={() => void revokeOld()}
            >
              {texts.revokeOld}
            </Button>
          )}
          <Button icon={<KeyRound />} onClick={() => setIsAsking(true)}>
            {texts.make}
          </Button>
        </span>
      </div>
      <TokenMore machine={machine} />
      <Dialog
        isOpen={isAsking}
        onOpenChange={close}
        title={token === null ? texts.question : texts.made}
        description={token === null ? texts.questionLead : texts.madeLead}
      >
        <DialogBody className="grid gap-3">
          {token === null && (
            <div className="grid gap-1.5 text-sm">
              {texts.overlap}
              <Segmented
                label={texts.overlap}
                value={overlap}
                options={overlapKeys.map((value) => ({ value, label: texts.overlaps[value] }))}
                onChange={setOverlap}
              />
            </div>
          )}
          {token !== null && <CodeBlock code={token} label={texts.newLabel} />}
          {rotate.error !== null && <Notice kind="error">{messageOf(rotate.error)}</Notice>}
        </DialogBody>
        <DialogFooter>
          <Button variant={token === null ? "ghost" : "primary"} onClick={close}>
            {token === null ? clash.cancel : clash.stored}
          </Button>
          {token === null && (
            <Button variant="primary" isPending={rotate.isPending} onClick={() => void makeToken()}>
              {texts.confirm}
            </Button>
          )}
        </DialogFooter>
      </Dialog>
    </Card>
  );
}

function Rotation({ rotation }: { rotation: NonNullable<MachineDetails["rotation"]> }) {
  const texts = useTexts().machine.token;
  const { previousExpiresAt, previousUsedAt, currentUsedAt } = rotation;
  return (
    <dl className="grid grid-cols-[8.5rem_1fr] gap-y-1.5 [&_dt]:text-ink-faint">
      <dt>{texts.newToken}</dt>
      <dd>
        {currentUsedAt === null ? texts.notUsedYet : <Age at={currentUsedAt} text={texts.used} />}
      </dd>
      <dt>{texts.oldToken}</dt>
      <dd>
        {previousUsedAt === null ? (
          texts.notUsedSince
        ) : (
          <Age at={previousUsedAt} text={texts.used} />
        )}
      </dd>
      <dt>{texts.oldEnds}</dt>
      <dd>{formatStamp(previousExpiresAt)}</dd>
    </dl>
  );
}
