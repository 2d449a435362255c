import { BellPlus, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Channel } from "@/lib/backend.ts";
import { ChannelRow } from "./ChannelRow.tsx";
import { DeleteChannelDialog } from "./DeleteChannelDialog.tsx";

// Loaded when it is first opened: channels are looked at more often than they are changed.
const ChannelDialog = lazy(() =>
  import("./form/ChannelDialog.tsx").then(({ ChannelDialog }) => ({ default: ChannelDialog })),
);

type Role = "owner" | "admin" | "member" | "viewer";

/** Where messages go, what each channel hears, and how it does. */
export function ChannelList({
  role,
  onShowLog,
  onRetry,
}: {
  role: Role;
  onShowLog: (channelId: Channel["channelId"]) => void;
  onRetry: () => void;
}) {
  const { notifications } = useTexts();
  const texts = notifications.channels;
  const { data: channels, error } = useLiveQuery(api.channels.list, {});
  const [subject, setSubject] = useState<Channel | "new" | null>(null);
  const [deleting, setDeleting] = useState<Channel | null>(null);
  const canShare = role === "owner" || role === "admin";
  const canAdd = role !== "viewer";
  const add = (variant: "primary" | "secondary") =>
    canAdd && (
      <Button variant={variant} icon={<Plus />} onClick={() => setSubject("new")}>
        {texts.add}
      </Button>
    );

  const content = () => {
    if (error !== null) return <ErrorView title={texts.failed} error={error} onRetry={onRetry} />;
    if (channels === undefined) return <LoadingRows label={texts.loading} count={2} />;
    if (channels.length === 0) {
      return (
        <EmptyView icon={<BellPlus />} title={texts.none} action={add("primary")}>
          {canAdd ? texts.noneLead : texts.askAdmin}
        </EmptyView>
      );
    }
    return (
      <ul aria-label={texts.list} className="divide-y divide-line">
        {channels.map((channel) => (
          <ChannelRow
            key={channel.channelId}
            channel={channel}
            canEdit={canShare || channel.isPersonal}
            onEdit={() => setSubject(channel)}
            onDelete={() => setDeleting(channel)}
            onShowLog={() => onShowLog(channel.channelId)}
          />
        ))}
      </ul>
    );
  };

  return (
    <Card title={texts.title} action={channels?.length ? add("secondary") : undefined}>
      {content()}
      <Suspense>
        {subject !== null && (
          <ChannelDialog subject={subject} canShare={canShare} onClose={() => setSubject(null)} />
        )}
      </Suspense>
      <DeleteChannelDialog channel={deleting} onClose={() => setDeleting(null)} />
    </Card>
  );
}
