import { Plus, Send, ShieldCheck, Trash2, Webhook } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Age } from "@/components/ui/Age.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { Card } from "@/components/ui/Card.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { EmptyView, ErrorView, LoadingRows } from "@/components/ui/Views.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useLiveQuery } from "@/hooks/useLiveQuery.ts";
import { api, type Channel } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { AddChannelDialog } from "./AddChannelDialog.tsx";
import { DeleteChannelDialog } from "./DeleteChannelDialog.tsx";
import { DeliveryStateBadge } from "./DeliveryStateBadge.tsx";

/** Where messages go. Each channel shows how its last message fared. */
export function ChannelList({ onRetry }: { onRetry: () => void }) {
  const { data: channels, error } = useLiveQuery(api.channels.list, {});
  const [isAdding, setIsAdding] = useState(false);
  const [deleting, setDeleting] = useState<Channel | null>(null);
  const add = (variant: "primary" | "secondary") => (
    <Button variant={variant} icon={<Plus />} onClick={() => setIsAdding(true)}>
      Add webhook
    </Button>
  );

  const content = () => {
    if (error !== null) {
      return <ErrorView title="Channels could not be loaded" error={error} onRetry={onRetry} />;
    }
    if (channels === undefined) return <LoadingRows label="Loading channels" count={2} />;
    if (channels.length === 0) {
      return (
        <EmptyView icon={<Webhook />} title="Nobody is told yet" action={add("primary")}>
          Add a webhook, and it gets one message when a machine goes offline and one when it is
          back.
        </EmptyView>
      );
    }
    return (
      <ul className="divide-y divide-line">
        {channels.map((channel) => (
          <ChannelRow
            key={channel.channelId}
            channel={channel}
            onDelete={() => setDeleting(channel)}
          />
        ))}
      </ul>
    );
  };

  return (
    <Card title="Channels" action={channels?.length ? add("secondary") : undefined}>
      {content()}
      <AddChannelDialog isOpen={isAdding} onClose={() => setIsAdding(false)} />
      <DeleteChannelDialog channel={deleting} onClose={() => setDeleting(null)} />
    </Card>
  );
}

function ChannelRow({ channel, onDelete }: { channel: Channel; onDelete: () => void }) {
  const { call, isPending } = useCall(api.channels.test);
  const test = async () => {
    try {
      await call({ channelId: channel.channelId });
      toast("Test queued", { description: "Its outcome appears in the delivery log." });
    } catch (error) {
      toast.error("The test could not be queued", { description: messageOf(error) });
    }
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <span className="flex size-9 shrink-0 items-center justify-center rounded-md bg-sunken text-ink-soft">
        <Webhook aria-hidden="true" className="size-4.5" />
      </span>
      <div className="min-w-40 flex-1">
        <p className="flex items-center gap-2 font-medium">
          <span className="truncate">{channel.name}</span>
          {channel.hasSecret && (
            <span className="inline-flex items-center gap-1 text-xs font-normal text-ink-faint">
              <ShieldCheck aria-hidden="true" className="size-3.5" />
              signed
            </span>
          )}
        </p>
        <p className="truncate font-mono text-xs text-ink-faint">{channel.target}</p>
      </div>
      <p className="flex items-center gap-2 text-sm">
        {channel.lastDelivery === null ? (
          <span className="text-ink-faint">No message yet</span>
        ) : (
          <>
            <DeliveryStateBadge state={channel.lastDelivery.state} />
            <span className="text-xs text-ink-faint">
              <Age at={channel.lastDelivery.at} />
            </span>
          </>
        )}
      </p>
      <div className="ml-auto flex items-center gap-1">
        <Button
          icon={<Send />}
          isPending={isPending}
          onClick={() => void test()}
          aria-label={`Send a test to ${channel.name}`}
        >
          Test
        </Button>
        <IconButton label={`Delete ${channel.name}`} onClick={onDelete} isDanger>
          <Trash2 />
        </IconButton>
      </div>
    </li>
  );
}
