import {
  BellOff,
  MoreHorizontal,
  Pencil,
  Power,
  ScrollText,
  Send,
  ShieldCheck,
  Trash2,
  TriangleAlert,
} from "lucide-react";
import { toast } from "sonner";
import { Age } from "@/components/ui/Age.tsx";
import { Badge } from "@/components/ui/Badge.tsx";
import { Button } from "@/components/ui/Button.tsx";
import { IconButton } from "@/components/ui/IconButton.tsx";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/Menu.tsx";
import { DeliveryStateBadge } from "@/components/delivery/DeliveryStateBadge.tsx";
import { useCall } from "@/hooks/useCall.ts";
import { useNowSelect } from "@/hooks/useNow.ts";
import { useTexts } from "@/hooks/useTexts.ts";
import { api, type Channel } from "@/lib/backend.ts";
import { messageOf } from "@/lib/errors.ts";
import { formatDuration } from "@/lib/format.ts";
import { kindIcons } from "./kindLook.ts";
import { rulesText } from "./rulesText.ts";
import { TestOutcome, useChannelTest } from "./ChannelTest.tsx";

/** One channel: where it goes, what it hears, how it does, and what can be done with it. */
export function ChannelRow({
  channel,
  canEdit,
  onEdit,
  onDelete,
  onShowLog,
}: {
  channel: Channel;
  canEdit: boolean;
  onEdit: () => void;
  onDelete: () => void;
  onShowLog: () => void;
}) {
  const { notifications: texts } = useTexts();
  const Icon = kindIcons[channel.kind];
  const { isOff } = channel.preferences;
  const test = useChannelTest(channel);
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-x-3 gap-y-2 px-4 py-3 lg:grid-cols-[auto_minmax(0,1fr)_12rem_auto]">
      <span className="mt-0.5 flex size-9 items-center justify-center rounded-md bg-sunken text-ink-soft">
        <Icon aria-hidden="true" className="size-4.5" />
      </span>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="max-w-full truncate font-medium">{channel.name}</span>
          {channel.hasSecret && (
            <Badge>
              <ShieldCheck aria-hidden="true" />
              {texts.channels.signed}
            </Badge>
          )}
          {channel.isPersonal && <Badge tone="accent">{texts.channels.personal}</Badge>}
          {isOff && (
            <Badge>
              <BellOff aria-hidden="true" />
              {texts.channels.off}
            </Badge>
          )}
          {channel.failingSince !== null && <Failing since={channel.failingSince} />}
        </p>
        <p className="truncate font-mono text-xs text-ink-faint">{channel.target}</p>
        <p className="mt-0.5 text-xs text-ink-soft">{rulesText(texts, channel.preferences)}</p>
        {channel.setupError !== null && (
          <p className="mt-1 text-xs text-late">{texts.channels.setupError(channel.setupError)}</p>
        )}
        <TestOutcome test={test} channelId={channel.channelId} />
      </div>
      <Health channel={channel} />
      {canEdit && (
        <div className="col-start-2 flex items-center gap-1 lg:col-start-4">
          <Button
            icon={<Send />}
            isPending={test.isPending}
            onClick={test.start}
            aria-label={texts.channels.testOf(channel.name)}
          >
            {texts.channels.test}
          </Button>
          <IconButton label={texts.channels.editOf(channel.name)} onClick={onEdit}>
            <Pencil />
          </IconButton>
          <More channel={channel} onDelete={onDelete} onShowLog={onShowLog} />
        </div>
      )}
    </li>
  );
}

function Failing({ since }: { since: number }) {
  const { notifications: texts } = useTexts();
  const text = useNowSelect((now) => texts.channels.failing(formatDuration(now - since)));
  return (
    <Badge tone="bad">
      <TriangleAlert aria-hidden="true" />
      {text}
    </Badge>
  );
}

/** How its last message fared, and when one last arrived. */
function Health({ channel: { lastDelivery, lastSuccessAt } }: { channel: Channel }) {
  const { notifications: texts } = useTexts();
  // Nothing was tried, so nothing can have failed.
  const isSilentFromTheStart = lastDelivery?.state === "suppressed" && lastSuccessAt === null;
  return (
    <div className="col-start-2 text-sm lg:col-start-3">
      {lastDelivery === null ? (
        <p className="text-ink-faint">{texts.channels.noMessage}</p>
      ) : (
        <>
          <p className="flex items-center gap-2">
            <DeliveryStateBadge delivery={lastDelivery} />
            <span className="text-xs text-ink-faint">
              <Age at={lastDelivery.at} />
            </span>
          </p>
          {lastDelivery.state !== "delivered" && !isSilentFromTheStart && (
            <p className="text-xs text-ink-faint">
              {lastSuccessAt === null ? (
                texts.channels.neverSucceeded
              ) : (
                <>
                  {texts.channels.lastSuccess} <Age at={lastSuccessAt} />
                </>
              )}
            </p>
          )}
        </>
      )}
    </div>
  );
}

function More({
  channel,
  onDelete,
  onShowLog,
}: {
  channel: Channel;
  onDelete: () => void;
  onShowLog: () => void;
}) {
  const { notifications: texts } = useTexts();
  const { call } = useCall(api.channels.update);
  const { quietHours, repeatEveryMs, isOff, ...rest } = channel.preferences;
  const turn = async () => {
    const preferences = {
      ...rest,
      ...(quietHours !== null && { quietHours }),
      ...(repeatEveryMs !== null && { repeatEveryMs }),
      isOff: !isOff,
    };
    try {
      await call({ channelId: channel.channelId, preferences });
      toast.success(
        isOff ? texts.channels.turnedOn(channel.name) : texts.channels.turnedOff(channel.name),
      );
    } catch (error) {
      toast.error(texts.channels.turnFailed, { description: messageOf(error) });
    }
  };
  return (
    <Menu
      trigger={
        <IconButton label={texts.channels.more(channel.name)}>
          <MoreHorizontal />
        </IconButton>
      }
    >
      <MenuItem icon={<ScrollText />} onSelect={onShowLog}>
        {texts.channels.showLog}
      </MenuItem>
      <MenuItem icon={<Power />} onSelect={() => void turn()}>
        {isOff ? texts.channels.turnOn : texts.channels.turnOff}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Trash2 />} isDanger onSelect={onDelete}>
        {texts.channels.delete}
      </MenuItem>
    </Menu>
  );
}
