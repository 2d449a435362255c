import { toast } from "sonner";
import { Age } from "@/components/ui/Age.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type MachineDetails } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";

/** Two boots share the token: names both, and ends it by one click, either way. */
export function ClashNotice({
  machine,
  clash,
  onSplit,
}: {
  machine: MachineDetails;
  clash: NonNullable<MachineDetails["clash"]>;
  onSplit: () => void;
}) {
  const texts = useTexts().machine.clash;
  const dismiss = useCall(api.machines.dismissClash);
  const settle = async () => {
    try {
      await dismiss.call({ machineId: machine.machineId });
      toast.success(texts.dismissed);
    } catch (error) {
      toast.error(messageOf(error));
    }
  };
  return (
    <Notice kind="warning">
      <p className="font-medium">{texts.title}</p>
      <p className="text-ink-soft">{texts.lead}</p>
      <ul className="mt-1 list-disc pl-5">
        {clash.boots.map(({ bootId, hostname, ipAddress, lastSeenAt }) => (
          <li key={bootId} className="break-words">
            {texts.boot(hostname ?? texts.unknownHost, ipAddress ?? "")}
            <span className="text-ink-faint">
              {" "}
              · {texts.lastSeen} <Age at={lastSeenAt} />
            </span>
          </li>
        ))}
      </ul>
      <span className="mt-2 flex flex-wrap gap-2">
        <Button onClick={onSplit}>{texts.split}</Button>
        <Button variant="ghost" isPending={dismiss.isPending} onClick={() => void settle()}>
          {texts.dismiss}
        </Button>
      </span>
    </Notice>
  );
}
