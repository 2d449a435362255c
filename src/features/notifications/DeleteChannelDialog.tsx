import { toast } from "sonner";
import { Button } from "@/components/ui/Button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/Dialog.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Channel } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";

/** Asks before a channel goes; open while there is a channel to ask about. */
export function DeleteChannelDialog({
  channel,
  onClose,
}: {
  channel: Channel | null;
  onClose: () => void;
}) {
  const { notifications: texts } = useTexts();
  const { call, isPending, error, reset } = useCall(api.channels.remove);
  const close = () => {
    reset();
    onClose();
  };
  const remove = async () => {
    if (channel === null) return;
    try {
      await call({ channelId: channel.channelId });
      toast.success(texts.channels.deleted(channel.name));
      close();
    } catch {
      // Shown below from the call's error.
    }
  };
  return (
    <Dialog
      isOpen={channel !== null}
      onOpenChange={(open) => !open && close()}
      title={texts.channels.deleteTitle(channel?.name ?? "")}
      description={texts.channels.deleteLead}
    >
      {error !== null && (
        <DialogBody>
          <Notice kind="error">{messageOf(error)}</Notice>
        </DialogBody>
      )}
      <DialogFooter>
        <Button variant="ghost" onClick={close}>
          {texts.form.cancel}
        </Button>
        <Button variant="danger" isPending={isPending} onClick={() => void remove()}>
          {texts.channels.deleteConfirm}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
