import { useState } from "react";
import { Dialog, DialogBody } from "@/components/ui/Dialog.tsx";
import { Notice } from "@/components/ui/Notice.tsx";
import { Skeleton } from "@/components/ui/Views.tsx";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Channel } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { ChannelForm } from "./ChannelForm.tsx";
import { type Kind } from "./draft.ts";
import { KindChoice } from "./KindChoice.tsx";

/** Adds a channel (first its kind, then the rest), or changes one. */
export function ChannelDialog({
  subject,
  canShare,
  onClose,
}: {
  /** The channel to change, "new", or null while the dialog is closed. */
  subject: Channel | "new" | null;
  canShare: boolean;
  onClose: () => void;
}) {
  const { notifications: texts } = useTexts();
  const [chosen, setChosen] = useState<Kind | null>(null);
  const close = () => {
    setChosen(null);
    onClose();
  };
  const channel = subject === "new" ? null : subject;
  const title =
    channel === null
      ? chosen === null
        ? texts.form.chooseTitle
        : texts.form.addTitle(chosen.title)
      : texts.form.editTitle(channel.name);
  const isChoosing = channel === null && chosen === null;
  return (
    <Dialog
      isOpen={subject !== null}
      onOpenChange={(open) => !open && close()}
      title={title}
      size="lg"
      {...(isChoosing && { description: texts.form.chooseLead })}
    >
      {subject !== null && (
        <Content
          channel={channel}
          chosen={chosen}
          canShare={canShare}
          onChoose={setChosen}
          onClose={close}
        />
      )}
    </Dialog>
  );
}

function Content({
  channel,
  chosen,
  canShare,
  onChoose,
  onClose,
}: {
  channel: Channel | null;
  chosen: Kind | null;
  canShare: boolean;
  onChoose: (kind: Kind | null) => void;
  onClose: () => void;
}) {
  const { notifications: texts } = useTexts();
  const { data: kinds, error } = useLiveQuery(api.channels.kinds, {});
  if (error !== null) {
    return (
      <DialogBody>
        <Notice kind="error">{messageOf(error)}</Notice>
      </DialogBody>
    );
  }
  if (kinds === undefined) {
    return (
      <DialogBody>
        <div role="status" aria-label={texts.channels.loading}>
          <Skeleton className="h-40" />
        </div>
      </DialogBody>
    );
  }
  const kind = channel === null ? chosen : kinds.find((other) => other.kind === channel.kind);
  if (kind === null || kind === undefined) {
    return (
      <KindChoice kinds={kinds.filter(({ madeBy }) => madeBy === "form")} onChoose={onChoose} />
    );
  }
  return (
    <ChannelForm
      kind={kind}
      channel={channel}
      canShare={canShare}
      onBack={channel === null ? () => onChoose(null) : null}
      onDone={onClose}
    />
  );
}
